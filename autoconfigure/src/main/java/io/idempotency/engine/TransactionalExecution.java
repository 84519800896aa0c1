package io.idempotency.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import io.idempotency.CommitFailedException;
import io.idempotency.IdempotencyContext;
import io.idempotency.IdempotentOperation;
import io.idempotency.StoredResult;
import io.idempotency.observation.CallObservation;
import io.idempotency.observation.Outcome;
import io.idempotency.store.Claim;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.TransactionalClaim;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A claim that was won in a transaction, in which the method runs too. To be settled by
 * the thread that began it.
 */
final class TransactionalExecution implements Execution, LongSupplier {

	private static final Log logger = LogFactory.getLog(TransactionalExecution.class);

	private final TransactionalClaim claim;

	private final Claim wanted;

	private final FencingNumbers numbers;

	private final IdempotentOperation operation;

	private final CallObservation observation;

	private final @Nullable Runnable onKept;

	private final Thread thread = Thread.currentThread();

	private final AtomicBoolean settled = new AtomicBoolean();

	/**
	 * @param wanted what was claimed
	 * @param numbers of the store's owners
	 * @param onKept is told when a record is about to stay, if anybody wants to know
	 */
	TransactionalExecution(TransactionalClaim claim, Claim wanted, FencingNumbers numbers,
			IdempotentOperation operation, CallObservation observation, @Nullable Runnable onKept) {
		this.claim = claim;
		this.wanted = wanted;
		this.numbers = numbers;
		this.operation = operation;
		this.observation = observation;
		this.onKept = onKept;
		observation.claimed();
	}

	@Override
	public boolean isClaimed() {
		return true;
	}

	@Override
	public IdempotencyContext context() {
		return new IdempotencyContext(this.operation.name(), this.wanted.key().digest(), this);
	}

	@Override
	public String record() {
		return this.wanted.key().digest();
	}

	@Override
	public MethodScope enter() {
		return MethodScope.of(this.observation);
	}

	@Override
	public void threw(Throwable failure) {
		this.observation.threw(failure);
	}

	/** The fencing number, which only the thread of the transaction can see. */
	@Override
	public long getAsLong() {
		if (Thread.currentThread() != this.thread) {
			throw new IllegalStateException("The fencing number of " + this.operation.name()
					+ " has to be asked for by the thread of its transaction, " + this.thread.getName()
					+ ", before another one can have it");
		}
		return this.numbers.of(this.operation, this.wanted);
	}

	@Override
	public boolean isTransactional() {
		return true;
	}

	@Override
	public boolean isJoined() {
		return this.claim.isJoined();
	}

	@Override
	public void flush() {
		this.claim.flush();
	}

	@Override
	public void complete(StoredResult result) {
		commit(() -> {
			this.claim.commit(result, this.operation.ttl());
			kept();
		});
	}

	@Override
	public void completeUnstored() {
		commit(this.claim::commitReleased);
	}

	private void commit(Runnable step) {
		if (!settle()) {
			return;
		}
		try {
			step.run();
		}
		catch (IdempotencyStoreException ex) {
			this.observation.ended(Outcome.COMMIT_FAILED);
			throw new CommitFailedException(this.operation.name(), ex);
		}
		this.observation.ended(Outcome.EXECUTED);
	}

	@Override
	public void takeBack() {
		requireThread();
		this.claim.rollBack();
	}

	@Override
	public void completeWithError(StoredResult result) {
		if (!settle()) {
			return;
		}
		try {
			if (this.claim.rollBackAndKeep(result, this.operation.ttl())) {
				kept();
			}
		}
		catch (IdempotencyStoreException ex) {
			// nothing took effect, so the next call may run
			logger.warn("A call of " + this.operation.name() + " was rolled back and answered with an error, and the"
					+ " store failed to keep that answer. Record " + record(), ex);
		}
		this.observation.ended(Outcome.EXECUTED);
	}

	private void kept() {
		if (this.onKept != null) {
			this.onKept.run();
		}
	}

	/** What is not answered does not take effect. */
	@Override
	public void completeUnanswered() {
		release();
	}

	@Override
	public void release() {
		if (settle()) {
			this.claim.rollBack();
			this.observation.ended(Outcome.FAILED);
		}
	}

	@Override
	public void fail() {
		release();
	}

	private boolean settle() {
		requireThread();
		return this.settled.compareAndSet(false, true);
	}

	private void requireThread() {
		if (Thread.currentThread() != this.thread) {
			throw new IllegalStateException("A call of " + this.operation.name()
					+ " can only be settled by the thread of its transaction, " + this.thread.getName());
		}
	}

}
