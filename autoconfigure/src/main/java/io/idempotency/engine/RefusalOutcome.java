package io.idempotency.engine;

import io.idempotency.IdempotencyException;
import io.idempotency.KeyMalformedException;
import io.idempotency.KeyMissingException;
import io.idempotency.OperationInProgressException;
import io.idempotency.OutcomeUnknownException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.RequestTooLargeException;
import io.idempotency.ResponseNotKeptException;
import io.idempotency.TooManyKeysException;
import io.idempotency.observation.Outcome;

/** What a refusal is counted as. */
final class RefusalOutcome {

	private RefusalOutcome() {
	}

	static Outcome of(IdempotencyException refusal) {
		if (refusal instanceof OperationInProgressException) {
			return Outcome.IN_PROGRESS;
		}
		if (refusal instanceof PayloadMismatchException) {
			return Outcome.PAYLOAD_MISMATCH;
		}
		if (refusal instanceof TooManyKeysException) {
			return Outcome.TOO_MANY_KEYS;
		}
		if (refusal instanceof OutcomeUnknownException) {
			return Outcome.OUTCOME_UNKNOWN;
		}
		if (refusal instanceof KeyMissingException) {
			return Outcome.KEY_MISSING;
		}
		if (refusal instanceof KeyMalformedException) {
			return Outcome.KEY_MALFORMED;
		}
		if (refusal instanceof RequestTooLargeException) {
			return Outcome.REQUEST_TOO_LARGE;
		}
		return (refusal instanceof ResponseNotKeptException) ? Outcome.RESPONSE_NOT_KEPT : Outcome.STORE_UNAVAILABLE;
	}

}
