package io.idempotency.engine;

import java.util.Map;

import io.idempotency.CommitFailedException;
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

	private static final Map<Class<? extends IdempotencyException>, Outcome> OUTCOMES = Map.of(
			OperationInProgressException.class, Outcome.IN_PROGRESS, PayloadMismatchException.class,
			Outcome.PAYLOAD_MISMATCH, TooManyKeysException.class, Outcome.TOO_MANY_KEYS, OutcomeUnknownException.class,
			Outcome.OUTCOME_UNKNOWN, KeyMissingException.class, Outcome.KEY_MISSING, KeyMalformedException.class,
			Outcome.KEY_MALFORMED, RequestTooLargeException.class, Outcome.REQUEST_TOO_LARGE,
			ResponseNotKeptException.class, Outcome.RESPONSE_NOT_KEPT, CommitFailedException.class,
			Outcome.COMMIT_FAILED);

	private RefusalOutcome() {
	}

	static Outcome of(IdempotencyException refusal) {
		return OUTCOMES.getOrDefault(refusal.getClass(), Outcome.STORE_UNAVAILABLE);
	}

}
