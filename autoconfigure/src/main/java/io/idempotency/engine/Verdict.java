package io.idempotency.engine;

import io.idempotency.IdempotencyException;
import io.idempotency.IdempotentOperation;
import io.idempotency.OperationInProgressException;
import io.idempotency.OutcomeUnknownException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.ResponseNotKeptException;
import io.idempotency.observation.CallObservation;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/** What a call is told whose record is another call's. */
final class Verdict {

	private static final Log logger = LogFactory.getLog(Verdict.class);

	private Verdict() {
	}

	/** Refuses a call that asks for something else than the one that has the record. */
	static void requireMatch(IdempotentOperation operation, Claim claim, ClaimOutcome outcome) {
		if (outcome.fingerprint() != null && !outcome.fingerprint().equals(claim.fingerprint())) {
			throw new PayloadMismatchException(operation.name());
		}
	}

	/**
	 * The result of the other call.
	 * @param outcome what was found, or {@code null} for a call that still runs
	 * @throws IdempotencyException if there is none
	 */
	static Replay of(IdempotentOperation operation, Claim claim, @Nullable ClaimOutcome outcome,
			CallObservation observation) {
		if (outcome != null) {
			requireMatch(operation, claim, outcome);
		}
		observation.duplicate();
		if (outcome instanceof ClaimOutcome.Unknown) {
			// a process that died could not say which record it left behind
			logger.info("A call of " + operation.name() + " was refused: an earlier one with its key ended without"
					+ " a known outcome. Record " + claim.key().digest());
			throw new OutcomeUnknownException(operation.name());
		}
		if (!(outcome instanceof ClaimOutcome.Completed completed)) {
			throw new OperationInProgressException(operation.name());
		}
		if (!completed.result().isKept()) {
			throw new ResponseNotKeptException(operation.name());
		}
		return new Replay(completed.result(), claim.key().digest(), observation);
	}

}
