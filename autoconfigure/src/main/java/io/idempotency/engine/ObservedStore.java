package io.idempotency.engine;

import java.time.Duration;

import io.idempotency.StoredResult;
import io.idempotency.observation.StoreMetrics.Command;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;

/** A store whose every step is observed. */
final class ObservedStore implements IdempotencyStore {

	private final IdempotencyStore store;

	private final StoreObservation observation;

	ObservedStore(IdempotencyStore store, StoreObservation observation) {
		this.store = store;
		this.observation = observation;
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		long startedAt = System.nanoTime();
		try {
			ClaimOutcome outcome = this.store.claim(claim);
			this.observation.claimed(outcome, startedAt);
			return outcome;
		}
		catch (RuntimeException ex) {
			throw this.observation.failed(Command.CLAIM, startedAt, ex);
		}
	}

	@Override
	public boolean renew(Claim claim) {
		return this.observation.observe(Command.RENEW, () -> this.store.renew(claim));
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		return this.observation.observe(Command.COMPLETE, () -> this.store.complete(claim, result, retention));
	}

	@Override
	public boolean release(Claim claim) {
		return this.observation.observe(Command.RELEASE, () -> this.store.release(claim));
	}

	@Override
	public boolean abandon(Claim claim) {
		return this.observation.observe(Command.ABANDON, () -> this.store.abandon(claim));
	}

}
