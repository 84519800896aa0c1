package io.idempotency.engine;

import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;

/**
 * Makes a claim that still stands when its caller gets to know of it. A process that was
 * paused reads replies that are as old as its pause, and the lease may have ended
 * meanwhile: such a claim is proved before a method runs on it. By one thread at a time.
 */
final class Claiming {

	private final IdempotencyStore store;

	private final Claim wanted;

	private volatile long madeAt;

	Claiming(IdempotencyStore store, Claim wanted) {
		this.store = store;
		this.wanted = wanted;
	}

	Claim wanted() {
		return this.wanted;
	}

	/** From when on the lease lasts at the latest, by {@link System#nanoTime()}. */
	long madeAt() {
		return this.madeAt;
	}

	/**
	 * Claims the key.
	 * @throws IdempotencyStoreException if the store failed
	 */
	ClaimOutcome claim() {
		this.madeAt = System.nanoTime();
		ClaimOutcome outcome = this.store.claim(this.wanted);
		return isRunOut(outcome) ? prove() : outcome;
	}

	private ClaimOutcome prove() {
		ClaimOutcome outcome;
		try {
			this.madeAt = System.nanoTime();
			outcome = this.store.renew(this.wanted) ? ClaimOutcome.Acquired.INSTANCE : this.store.claim(this.wanted);
		}
		catch (IdempotencyStoreException ex) {
			// whatever it says, it was there: somebody may have run since
			throw IdempotencyStoreException.undecided("A claim came late and could not be proved", ex);
		}
		if (isRunOut(outcome)) {
			throw IdempotencyStoreException.undecided("The store answers later than half of the lease", null);
		}
		return outcome;
	}

	/**
	 * Whether half of the lease may be over. The budget of a call is not more than that,
	 * so this is a pause and no slow store.
	 */
	private boolean isRunOut(ClaimOutcome outcome) {
		return outcome instanceof ClaimOutcome.Acquired
				&& System.nanoTime() - this.madeAt >= this.wanted.lease().toNanos() / 2;
	}

}
