package io.idempotency.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.idempotency.store.Claim;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A claim that is not wanted, and that the store did not give up so far. Its reply may
 * never have come: it may stand all the same, or may still be on its way into a server
 * that is frozen, and would keep the key from the caller's next attempt. So it is
 * released, again and again until the store has done that, or says for long enough that
 * there is nothing to be released.
 */
final class UnwantedClaim implements Tended {

	private static final Log logger = LogFactory.getLog(UnwantedClaim.class);

	/**
	 * By then an operating system has given up to send what a network swallowed: until
	 * then the claim may arrive after a release that came another way.
	 */
	private static final long LATEST_ARRIVAL = TimeUnit.MINUTES.toNanos(2);

	private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

	private static final long LONGEST_WATCH = TimeUnit.SECONDS.toNanos(30);

	private final IdempotencyStore store;

	private final Claim claim;

	private final BooleanSupplier mayLinger;

	private final long madeAt;

	private final long origin = Thread.currentThread().getId();

	/**
	 * A key that is held is of unknown outcome when its lease ends before the release.
	 */
	private final long lookEvery;

	private volatile long nextAttempt;

	/** Whether the store has said that there is no such claim, so far. */
	private volatile boolean answered;

	private long pause = TimeUnit.MILLISECONDS.toNanos(100);

	/**
	 * @param mayLinger whether there is room for a claim that is not known to stand
	 */
	UnwantedClaim(IdempotencyStore store, Claim claim, long now, BooleanSupplier mayLinger) {
		this.mayLinger = mayLinger;
		this.store = store;
		this.claim = claim;
		this.madeAt = now;
		this.nextAttempt = now;
		this.lookEvery = Math.min(LONGEST_PAUSE, claim.lease().toNanos() / 6);
	}

	@Override
	public Duration lease() {
		return this.claim.lease();
	}

	@Override
	public long origin() {
		return this.origin;
	}

	@Override
	public Need need(long now) {
		return (now == Long.MAX_VALUE || now - this.nextAttempt >= 0) ? Need.RELEASE : Need.NOTHING;
	}

	@Override
	public boolean isOwed() {
		return !this.answered;
	}

	@Override
	public boolean tend() {
		try {
			if (this.store.release(this.claim)) {
				return false;
			}
			this.answered = true;
		}
		catch (IdempotencyStoreException ex) {
			logger.debug("The store failed to release a claim that is not wanted", ex);
		}
		long now = System.nanoTime();
		this.nextAttempt = now + this.pause;
		this.pause = Math.min((this.answered && !this.claim.isHeld()) ? LONGEST_WATCH : this.lookEvery, this.pause * 2);
		// what only may arrive yet takes no room from what is owed
		return !this.answered || (now - this.madeAt < LATEST_ARRIVAL && this.mayLinger.getAsBoolean());
	}

}
