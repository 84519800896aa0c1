package io.idempotency.engine;

import java.time.Duration;

import io.idempotency.store.Claim;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;

/**
 * A claim whose reply never came. It may stand in the store all the same and would keep
 * the key from the caller's next attempt, so it is released as soon as the store answers
 * again. When its lease is over there is nothing left to release.
 */
final class AbandonedClaim implements Tended {

	private final IdempotencyStore store;

	private final Claim claim;

	private final long endsAt;

	private long nextAttempt;

	AbandonedClaim(IdempotencyStore store, Claim claim, long now) {
		this.store = store;
		this.claim = claim;
		this.endsAt = now + claim.lease().toNanos();
		this.nextAttempt = now;
	}

	@Override
	public Duration lease() {
		return this.claim.lease();
	}

	@Override
	public Care tend(long now) {
		if (now - this.endsAt >= 0) {
			return Care.OVER;
		}
		if (now - this.nextAttempt < 0) {
			return Care.FINE;
		}
		this.nextAttempt = now + this.claim.lease().toNanos() / 6;
		return finish();
	}

	@Override
	public Care finish() {
		try {
			this.store.release(this.claim);
			return Care.OVER;
		}
		catch (IdempotencyStoreException ex) {
			return Care.STORE_FAILED;
		}
	}

}
