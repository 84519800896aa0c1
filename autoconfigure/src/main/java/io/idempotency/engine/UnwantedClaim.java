package io.idempotency.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.idempotency.store.Claim;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;

/**
 * A claim that is not wanted, and that the store did not give up so far. Its reply may
 * never have come: it may stand all the same, or may still be on its way into a server
 * that is frozen, and would keep the key from the caller's next attempt. So it is
 * released, again and again until the store has taken that.
 */
final class UnwantedClaim implements Tended {

	private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

	private final IdempotencyStore store;

	private final Claim claim;

	private volatile long nextAttempt;

	private long pause = TimeUnit.MILLISECONDS.toNanos(100);

	UnwantedClaim(IdempotencyStore store, Claim claim, long now) {
		this.store = store;
		this.claim = claim;
		this.nextAttempt = now;
	}

	@Override
	public Duration lease() {
		return this.claim.lease();
	}

	@Override
	public Need need(long now) {
		return (now == Long.MAX_VALUE || now - this.nextAttempt >= 0) ? Need.RELEASE : Need.NOTHING;
	}

	@Override
	public boolean tend() {
		try {
			this.store.release(this.claim);
			return false;
		}
		catch (IdempotencyStoreException ex) {
			this.nextAttempt = System.nanoTime() + this.pause;
			this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
			return true;
		}
	}

}
