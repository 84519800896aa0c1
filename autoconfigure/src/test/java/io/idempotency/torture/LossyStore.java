package io.idempotency.torture;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;

/** A store that claims, but its reply is lost now and then. */
final class LossyStore implements IdempotencyStore {

	private static final int PERCENT = 20;

	private final IdempotencyStore store;

	LossyStore(IdempotencyStore store) {
		this.store = store;
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		ClaimOutcome outcome = this.store.claim(claim);
		if (ThreadLocalRandom.current().nextInt(100) < PERCENT) {
			throw new IdempotencyStoreException("the reply is lost", null);
		}
		return outcome;
	}

	@Override
	public boolean renew(Claim claim) {
		return this.store.renew(claim);
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		return this.store.complete(claim, result, retention);
	}

	@Override
	public boolean release(Claim claim) {
		return this.store.release(claim);
	}

	@Override
	public boolean abandon(Claim claim) {
		return this.store.abandon(claim);
	}

}
