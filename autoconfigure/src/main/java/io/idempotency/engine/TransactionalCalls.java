package io.idempotency.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.idempotency.IdempotencyException;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.StoreUnavailableException;
import io.idempotency.TooManyKeysException;
import io.idempotency.observation.CallObservation;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.TransactionalClaim;
import io.idempotency.store.TransactionalIdempotencyStore;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to a call whose claim is part of its transaction. Such a call is
 * never run unprotected: if its claim cannot be made, its writes cannot either.
 */
final class TransactionalCalls {

	private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

	/** Each look takes a connection and a transaction. */
	private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

	private final @Nullable NewKeyCeiling ceiling;

	TransactionalCalls(@Nullable NewKeyCeiling ceiling) {
		this.ceiling = ceiling;
	}

	/**
	 * Claims the call's key in a transaction, or finds out what became of an earlier
	 * call.
	 * @throws IdempotencyException if the call is refused
	 */
	Attempt begin(TransactionalIdempotencyStore store, FencingNumbers numbers, IdempotentCall call,
			CallObservation observation) {
		IdempotentOperation operation = call.operation();
		Claim claim = call.claim();
		observation.record(claim.key().digest());
		long endsAt = observation.startedAt() + operation.waitTimeout().toNanos();
		long pause = FIRST_PAUSE;
		while (true) {
			TransactionalClaim begun = begin(store, operation, claim);
			ClaimOutcome outcome = begun.outcome();
			if (outcome instanceof ClaimOutcome.Acquired) {
				return new TransactionalExecution(begun, claim, numbers, operation, observation, admit(call, begun));
			}
			Verdict.requireMatch(operation, claim, outcome);
			long left = endsAt - System.nanoTime();
			if (operation.inProgress() != InProgress.WAIT || !isPending(outcome) || left <= 0
					|| Thread.currentThread().isInterrupted()) {
				return Verdict.of(operation, claim, outcome, observation);
			}
			// a transaction that was begun has ended, so its connection is not kept
			// meanwhile
			LockSupport.parkNanos(Math.min(left, pause));
			pause = Math.min(pause + pause / 2, LONGEST_PAUSE);
		}
	}

	private static boolean isPending(ClaimOutcome outcome) {
		return outcome instanceof ClaimOutcome.Pending || outcome instanceof ClaimOutcome.Uncommitted;
	}

	private static TransactionalClaim begin(TransactionalIdempotencyStore store, IdempotentOperation operation,
			Claim claim) {
		try {
			return store.begin(claim);
		}
		catch (IdempotencyStoreException ex) {
			throw new StoreUnavailableException(operation.name(), ex);
		}
	}

	/**
	 * Lets a new key in, or gives it back.
	 * @return counts it
	 */
	private @Nullable Runnable admit(IdempotentCall call, TransactionalClaim begun) {
		NewKeyCeiling counting = this.ceiling;
		String scope = (counting != null) ? NewKeyCeiling.scopeOf(call) : null;
		if (counting == null || scope == null) {
			return null;
		}
		Duration closed = counting.closedFor(scope);
		if (closed == null) {
			return () -> counting.count(scope);
		}
		begun.rollBack();
		throw new TooManyKeysException(call.operation().name(), closed);
	}

}
