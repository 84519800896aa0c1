package io.idempotency.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

import io.idempotency.IdempotentOperation;
import io.idempotency.StoredResult;
import io.idempotency.observation.CallObservation;
import io.idempotency.observation.Outcome;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.RecordKey;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A claim that was won. Its lock lets the owner's settlement and the keeper's renewal
 * take turns: a renewal that overtook a release would otherwise meet the next owner.
 */
final class ClaimedExecution extends OwnedExecution implements Tended {

	private enum State {

		/** The method runs. */
		RUNNING,

		/** The method took effect and the store did not take the result yet. */
		COMPLETING,

		/** The key is to be free and the store did not free it yet. */
		RELEASING,

		/** The outcome is unknown and the store does not know that yet. */
		ABANDONING,

		/** The store knows, or the claim is lost. */
		SETTLED

	}

	private static final Log logger = LogFactory.getLog(ClaimedExecution.class);

	private static final long FIRST_RETRY = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

	private final Surroundings surroundings;

	private final IdempotencyStore store;

	private final ReentrantLock lock = new ReentrantLock();

	private final long origin = Thread.currentThread().getId();

	private volatile State state = State.RUNNING;

	private volatile boolean failing;

	private volatile long nextAttempt;

	private boolean lost;

	private long heldAt;

	private @Nullable StoredResult result;

	/**
	 * What all executions share.
	 *
	 * @param keeper looks after leases
	 * @param deferred memory for results that wait for a store
	 * @param onLost is told of each lost lease
	 * @param onDeferred is told of each deferred completion
	 * @param onSettled is told of each record that is not pending any more
	 */
	record Surroundings(LeaseKeeper keeper, DeferredBudget deferred, Runnable onLost, Runnable onDeferred,
			BiConsumer<IdempotencyStore, RecordKey> onSettled) {
	}

	/**
	 * @param numbers of the store's owners
	 * @param claiming what was claimed, and since when it lasts
	 * @param onKept is told when a record is about to stay, if anybody wants to know
	 */
	ClaimedExecution(Surroundings surroundings, IdempotencyStore store, FencingNumbers numbers,
			IdempotentOperation operation, Claiming claiming, CallObservation observation, @Nullable Runnable onKept) {
		super(operation, claiming.wanted(), numbers, observation, onKept);
		this.surroundings = surroundings;
		this.store = store;
		this.heldAt = claiming.madeAt();
		this.nextAttempt = this.heldAt + renewalInterval();
		surroundings.keeper().watch(this);
		observation.claimed();
	}

	private long renewalInterval() {
		return claim().lease().toNanos() / 3;
	}

	private long retryInterval() {
		return Math.min(claim().lease().toNanos() / 12, LONGEST_PAUSE);
	}

	@Override
	public void complete(StoredResult newResult) {
		settle(State.COMPLETING, newResult);
	}

	@Override
	public void release() {
		settle(State.RELEASING, null);
	}

	@Override
	public void fail() {
		if (claim().isHeld()) {
			logger.warn("A call of " + operation().name() + " failed with an unknown outcome, and its key is held for "
					+ operation().ttl() + ". Record " + record());
			settle(State.ABANDONING, null);
		}
		else {
			release();
		}
	}

	private void settle(State wanted, @Nullable StoredResult newResult) {
		this.lock.lock();
		try {
			if (this.state != State.RUNNING) {
				return;
			}
			this.state = wanted;
			this.result = newResult;
			if (wanted != State.RELEASING) {
				kept();
			}
			if (write(true)) {
				this.surroundings.keeper().forget(this);
			}
			else {
				defer();
			}
		}
		finally {
			this.lock.unlock();
		}
		observation().ended((wanted == State.COMPLETING) ? Outcome.EXECUTED : Outcome.FAILED);
	}

	/**
	 * Tells the store how the call ended.
	 * @param first whether this is the first attempt; an earlier release may have been
	 * made although its reply was lost, so a later one that finds nothing says nothing
	 * @return whether the store knows now
	 */
	private boolean write(boolean first) {
		StoredResult toStore = this.result;
		try {
			boolean held;
			if (toStore != null) {
				held = this.store.complete(claim(), toStore, operation().ttl());
			}
			else {
				held = (this.state == State.ABANDONING) ? this.store.abandon(claim()) : this.store.release(claim());
			}
			this.state = State.SETTLED;
			this.surroundings.onSettled().accept(this.store, claim().key());
			if (!held && (first || toStore != null)) {
				lose();
			}
			return true;
		}
		catch (IdempotencyStoreException ex) {
			logger.debug("The store failed to settle a call", ex);
			return false;
		}
	}

	private void defer() {
		StoredResult toStore = this.result;
		long soon = Math.min(retryInterval(), FIRST_RETRY);
		this.nextAttempt = System.nanoTime() + soon;
		if (!this.surroundings.keeper().hasRoom()) {
			this.state = State.SETTLED;
			this.surroundings.keeper().forget(this);
			logger.error("A call of " + operation().name() + " could not be settled, and too many wait for the store"
					+ " already; when its lease ends, its key is "
					+ (claim().isHeld() ? "held as one of unknown outcome" : "free") + ". Record " + record());
			return;
		}
		if (toStore != null) {
			this.result = this.surroundings.deferred().reserve(toStore);
			this.surroundings.onDeferred().run();
			logger.warn("A call of " + operation().name() + " took effect but the store failed to keep its result;"
					+ " it is tried again as long as this process lives. Record " + record());
		}
		// a lost claim is not watched any more
		this.surroundings.keeper().watch(this);
		this.surroundings.keeper().lookSoon(this, soon);
	}

	private void lose() {
		if (!this.lost) {
			this.lost = true;
			this.surroundings.onLost().run();
			logger.warn("A call of " + operation().name() + " lost its lease of " + operation().lease()
					+ " to another call. Record " + record());
		}
	}

	@Override
	public Duration lease() {
		return claim().lease();
	}

	@Override
	public long origin() {
		return this.origin;
	}

	/** That of its owner's token, as an identity takes the virtual machine longer. */
	@Override
	public int hashCode() {
		return claim().owner().hashCode();
	}

	@Override
	public Need need(long now) {
		if (now != Long.MAX_VALUE && now - this.nextAttempt < 0) {
			return Need.NOTHING;
		}
		return switch (this.state) {
			case RUNNING -> this.failing ? Need.FAILED_RENEWAL : Need.RENEWAL;
			case COMPLETING -> Need.RESULT;
			case RELEASING, ABANDONING, SETTLED -> Need.RELEASE;
		};
	}

	@Override
	public boolean isOwed() {
		return true;
	}

	@Override
	public boolean tend() {
		if (!this.lock.tryLock()) {
			// its owner is settling it
			return true;
		}
		try {
			this.nextAttempt = System.nanoTime() + retryInterval();
			boolean goesOn = switch (this.state) {
				case RUNNING -> hold();
				case COMPLETING -> !storeLater();
				case RELEASING, ABANDONING -> !isOver() && !write(false);
				case SETTLED -> false;
			};
			if (!goesOn) {
				// within the lock: a settlement that fails from now on watches it anew
				this.surroundings.keeper().forget(this);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Renews the lease. */
	private boolean hold() {
		try {
			long now = System.nanoTime();
			if (this.store.renew(claim()) || this.store.claim(claim()) instanceof ClaimOutcome.Acquired) {
				// the second: the lease had ended, after a pause say, but nobody took
				// over
				this.failing = false;
				this.heldAt = now;
				this.nextAttempt = now + renewalInterval();
				return true;
			}
			lose();
			return false;
		}
		catch (IdempotencyStoreException ex) {
			logger.debug("The store failed to renew a lease", ex);
			this.failing = true;
			return true;
		}
	}

	private boolean storeLater() {
		StoredResult deferred = this.result;
		if (write(false)) {
			this.surroundings.deferred().free(deferred);
			return true;
		}
		try {
			// a full store does not take the result, but may still hold the key
			this.store.renew(claim());
		}
		catch (IdempotencyStoreException ex) {
			logger.debug("The store failed to renew a lease", ex);
		}
		return false;
	}

	/** Whether the store has freed the key by itself. A held key it never frees. */
	private boolean isOver() {
		return !claim().isHeld() && System.nanoTime() - this.heldAt >= claim().lease().toNanos();
	}

}
