package io.idempotency.engine;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import io.idempotency.IdempotentOperation;
import io.idempotency.StoredResult;
import io.idempotency.observation.OperationMetrics;
import io.idempotency.observation.Outcome;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A claim that was won. Its lock lets the owner's settlement and the keeper's renewal
 * take turns: a renewal that overtook a release would otherwise meet the next owner.
 */
final class ClaimedExecution implements Execution, Tended {

	private enum State {

		/** The method runs. */
		RUNNING,

		/** The method took effect and the store did not take the result yet. */
		COMPLETING,

		/** The method failed and the store did not free the key yet. */
		RELEASING,

		/** The store knows, or the claim is lost. */
		SETTLED

	}

	private static final Log logger = LogFactory.getLog(ClaimedExecution.class);

	private final Surroundings surroundings;

	private final IdempotencyStore store;

	private final IdempotentOperation operation;

	private final Claim claim;

	private final OperationMetrics metrics;

	private final long startedAt;

	private final ReentrantLock lock = new ReentrantLock();

	private State state = State.RUNNING;

	private boolean lost;

	private long heldAt;

	private long nextAttempt;

	private @Nullable StoredResult result;

	/**
	 * What all executions share.
	 *
	 * @param keeper looks after leases
	 * @param deferred memory for results that wait for a store
	 * @param onLost is told of each lost lease
	 * @param onDeferred is told of each deferred completion
	 */
	record Surroundings(LeaseKeeper keeper, DeferredBudget deferred, Runnable onLost, Runnable onDeferred) {
	}

	ClaimedExecution(Surroundings surroundings, IdempotencyStore store, IdempotentOperation operation, Claim claim,
			OperationMetrics metrics, long startedAt) {
		this.surroundings = surroundings;
		this.store = store;
		this.operation = operation;
		this.claim = claim;
		this.metrics = metrics;
		this.startedAt = startedAt;
		this.heldAt = System.nanoTime();
		this.nextAttempt = this.heldAt + renewalInterval();
		surroundings.keeper().watch(this);
	}

	private long renewalInterval() {
		return this.claim.lease().toNanos() / 3;
	}

	private long retryInterval() {
		return this.claim.lease().toNanos() / 6;
	}

	@Override
	public boolean isClaimed() {
		return true;
	}

	@Override
	public void complete(StoredResult newResult) {
		settle(State.COMPLETING, newResult);
	}

	@Override
	public void release() {
		settle(State.RELEASING, null);
	}

	private void settle(State wanted, @Nullable StoredResult newResult) {
		this.lock.lock();
		try {
			if (this.state != State.RUNNING) {
				return;
			}
			this.state = wanted;
			this.result = newResult;
			if (write() == Care.STORE_FAILED) {
				defer();
			}
			else {
				this.surroundings.keeper().forget(this);
			}
		}
		finally {
			this.lock.unlock();
		}
		this.metrics.ended((wanted == State.COMPLETING) ? Outcome.EXECUTED : Outcome.FAILED, this.startedAt);
	}

	private Care write() {
		StoredResult toStore = this.result;
		try {
			boolean held = (toStore != null) ? this.store.complete(this.claim, toStore, this.operation.ttl())
					: this.store.release(this.claim);
			if (!held) {
				lose();
			}
			this.state = State.SETTLED;
			return Care.OVER;
		}
		catch (IdempotencyStoreException ex) {
			logger.debug("The store failed to settle a call", ex);
			return Care.STORE_FAILED;
		}
	}

	private void defer() {
		this.nextAttempt = System.nanoTime() + retryInterval();
		// a lost claim is not watched any more
		this.surroundings.keeper().watch(this);
		if (this.result == null) {
			return;
		}
		this.surroundings.onDeferred().run();
		this.result = this.surroundings.deferred().reserve(this.result);
		logger.warn("A call of " + this.operation.name() + " took effect but the store failed to keep its result;"
				+ " it is tried again as long as this process lives. Record " + this.claim.key().digest());
	}

	private void lose() {
		if (!this.lost) {
			this.lost = true;
			this.surroundings.onLost().run();
			logger.warn("A call of " + this.operation.name() + " lost its lease of " + this.operation.lease()
					+ " to another call. Record " + this.claim.key().digest());
		}
	}

	@Override
	public Duration lease() {
		return this.claim.lease();
	}

	@Override
	public Care tend(long now) {
		if (!this.lock.tryLock()) {
			return Care.FINE;
		}
		try {
			if (this.state == State.SETTLED || (this.state == State.RUNNING && this.lost)) {
				return Care.OVER;
			}
			if (now - this.nextAttempt < 0) {
				return Care.FINE;
			}
			this.nextAttempt = now + retryInterval();
			return (this.state == State.RUNNING) ? hold(now) : settleLater(now);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public Care finish() {
		if (!this.lock.tryLock()) {
			return Care.FINE;
		}
		try {
			return switch (this.state) {
				case RUNNING -> Care.FINE;
				case COMPLETING, RELEASING -> settleLater(System.nanoTime());
				case SETTLED -> Care.OVER;
			};
		}
		finally {
			this.lock.unlock();
		}
	}

	private Care hold(long now) {
		try {
			if (this.store.renew(this.claim) || this.store.claim(this.claim) instanceof ClaimOutcome.Acquired) {
				// the second: the lease had ended, after a pause say, but nobody took
				// over
				this.heldAt = now;
				this.nextAttempt = now + renewalInterval();
				return Care.FINE;
			}
			lose();
			return Care.OVER;
		}
		catch (IdempotencyStoreException ex) {
			logger.debug("The store failed to renew a lease", ex);
			return Care.STORE_FAILED;
		}
	}

	private Care settleLater(long now) {
		if (this.state == State.RELEASING && now - this.heldAt >= this.claim.lease().toNanos()) {
			this.state = State.SETTLED;
			return Care.OVER;
		}
		Care care = write();
		if (care != Care.OVER && this.state == State.COMPLETING) {
			// a full store does not take the result, but may still hold the key
			if (hold(now) == Care.OVER) {
				this.state = State.SETTLED;
				care = Care.OVER;
			}
			this.nextAttempt = now + retryInterval();
		}
		if (care == Care.OVER) {
			this.surroundings.deferred().free(this.result);
		}
		return care;
	}

}
