package io.idempotency.engine;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import io.idempotency.StoredResult;
import io.idempotency.observation.StoreMetrics;
import io.idempotency.observation.StoreMetrics.Answer;
import io.idempotency.observation.StoreMetrics.Command;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;

/**
 * Measures what a store does, tells why it fails, and turns what a store must not throw
 * into what it may.
 */
final class ObservedStore implements IdempotencyStore {

	private final IdempotencyStore store;

	private final StoreMetrics metrics;

	private final StoreFailureLog log;

	ObservedStore(String name, IdempotencyStore store, StoreMetrics metrics) {
		this.store = store;
		this.metrics = metrics;
		this.log = new StoreFailureLog(name);
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		long startedAt = System.nanoTime();
		try {
			ClaimOutcome outcome = this.store.claim(claim);
			this.metrics.answered(Command.CLAIM, answer(outcome), startedAt);
			return outcome;
		}
		catch (RuntimeException ex) {
			throw failed(Command.CLAIM, startedAt, ex);
		}
	}

	@Override
	public boolean renew(Claim claim) {
		return observe(Command.RENEW, () -> this.store.renew(claim));
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		return observe(Command.COMPLETE, () -> this.store.complete(claim, result, retention));
	}

	@Override
	public boolean release(Claim claim) {
		return observe(Command.RELEASE, () -> this.store.release(claim));
	}

	@Override
	public boolean abandon(Claim claim) {
		return observe(Command.ABANDON, () -> this.store.abandon(claim));
	}

	private boolean observe(Command command, BooleanSupplier step) {
		long startedAt = System.nanoTime();
		try {
			boolean held = step.getAsBoolean();
			this.metrics.answered(command, held ? Answer.OK : Answer.LOST, startedAt);
			return held;
		}
		catch (RuntimeException ex) {
			throw failed(command, startedAt, ex);
		}
	}

	private IdempotencyStoreException failed(Command command, long startedAt, RuntimeException ex) {
		this.metrics.answered(command, Answer.ERROR, startedAt);
		this.log.failed(ex);
		return (ex instanceof IdempotencyStoreException known) ? known
				: new IdempotencyStoreException("The store failed: " + ex, ex);
	}

	private static Answer answer(ClaimOutcome outcome) {
		if (outcome instanceof ClaimOutcome.Acquired) {
			return Answer.ACQUIRED;
		}
		if (outcome instanceof ClaimOutcome.Unknown) {
			return Answer.UNKNOWN;
		}
		return (outcome instanceof ClaimOutcome.Pending) ? Answer.PENDING : Answer.COMPLETED;
	}

}
