package io.idempotency.testsupport;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.UnreadableRecordException;
import io.idempotency.store.memory.InMemoryIdempotencyStore;

/** A real store that fails when a test says so, before or after it did its work. */
public final class FlakyStore implements IdempotencyStore {

	private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(64 * 1024 * 1024);

	public final AtomicInteger claims = new AtomicInteger();

	public final AtomicInteger renewals = new AtomicInteger();

	public final AtomicInteger completions = new AtomicInteger();

	public final AtomicInteger releases = new AtomicInteger();

	/** Releases that were made, whoever got to know of it. */
	public final AtomicInteger releasesMade = new AtomicInteger();

	public volatile boolean claimFails;

	/** The claim is made, but its reply is lost. */
	public volatile boolean claimReplyIsLost;

	/** The claim is made, but its reply is lost, and a second attempt is refused. */
	public volatile boolean claimIsRefusedAfterItWasMade;

	/** What happens while the reply of the next claim is on its way. */
	public volatile Runnable meanwhile;

	/** The claim is on its way until the next release has passed it. */
	public volatile boolean claimArrivesLate;

	private volatile Claim late;

	public volatile boolean claimIsUnreadable;

	public volatile boolean renewFails;

	public volatile Error renewalError;

	/** How long a renewal takes. */
	public volatile Duration slow;

	public volatile boolean completeFails;

	/** How long a completion takes. */
	public volatile Duration slowCompletion;

	public volatile boolean releaseFails;

	/** The store answers a release with an error. */
	public volatile boolean releaseIsRefused;

	public volatile boolean abandonFails;

	/** The release is made, but its reply is lost. */
	public volatile boolean releaseReplyIsLost;

	@Override
	public ClaimOutcome claim(Claim claim) {
		this.claims.incrementAndGet();
		failIf(this.claimFails);
		if (this.claimIsUnreadable) {
			throw new UnreadableRecordException("from the future");
		}
		if (this.claimArrivesLate) {
			this.claimArrivesLate = false;
			this.late = claim;
			failIf(true);
		}
		ClaimOutcome outcome = this.store.claim(claim);
		Runnable happening = this.meanwhile;
		if (happening != null) {
			this.meanwhile = null;
			happening.run();
		}
		failIf(this.claimReplyIsLost);
		if (this.claimIsRefusedAfterItWasMade) {
			throw IdempotencyStoreException.undecided("refused", null);
		}
		return outcome;
	}

	@Override
	public boolean renew(Claim claim) {
		this.renewals.incrementAndGet();
		Error error = this.renewalError;
		if (error != null) {
			throw error;
		}
		if (this.slow != null) {
			LockSupport.parkNanos(this.slow.toNanos());
		}
		failIf(this.renewFails);
		return this.store.renew(claim);
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		this.completions.incrementAndGet();
		Duration taken = this.slowCompletion;
		if (taken != null) {
			LockSupport.parkNanos(taken.toNanos());
		}
		failIf(this.completeFails);
		return this.store.complete(claim, result, retention);
	}

	@Override
	public boolean release(Claim claim) {
		this.releases.incrementAndGet();
		failIf(this.releaseFails);
		if (this.releaseIsRefused) {
			throw new IdempotencyStoreException("refused", null, true);
		}
		boolean released = this.store.release(claim);
		this.releasesMade.incrementAndGet();
		Claim arriving = this.late;
		if (arriving != null) {
			this.late = null;
			this.store.claim(arriving);
		}
		failIf(this.releaseReplyIsLost);
		return released;
	}

	@Override
	public boolean abandon(Claim claim) {
		failIf(this.abandonFails);
		return this.store.abandon(claim);
	}

	private static void failIf(boolean condition) {
		if (condition) {
			throw new IdempotencyStoreException("made to fail", null);
		}
	}

}
