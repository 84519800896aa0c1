package io.idempotency.engine;

import java.util.concurrent.atomic.AtomicBoolean;

import io.idempotency.CommitFailedException;
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
final class TransactionalExecution extends OwnedExecution {

	private static final Log logger = LogFactory.getLog(TransactionalExecution.class);

	private final TransactionalClaim transaction;

	private final Thread thread = Thread.currentThread();

	private final AtomicBoolean settled = new AtomicBoolean();

	/**
	 * @param claim what was claimed
	 * @param numbers of the store's owners
	 * @param onKept is told when a record is about to stay, if anybody wants to know
	 */
	TransactionalExecution(TransactionalClaim transaction, Claim claim, FencingNumbers numbers,
			IdempotentOperation operation, CallObservation observation, @Nullable Runnable onKept) {
		super(operation, claim, numbers, observation, onKept);
		this.transaction = transaction;
		observation.claimed();
	}

	/** The fencing number, which only the thread of the transaction can see. */
	@Override
	public long getAsLong() {
		if (Thread.currentThread() != this.thread) {
			throw new IllegalStateException("The fencing number of " + operation().name()
					+ " has to be asked for by the thread of its transaction, " + this.thread.getName()
					+ ", before another one can have it");
		}
		return super.getAsLong();
	}

	@Override
	public boolean isTransactional() {
		return true;
	}

	@Override
	public boolean isJoined() {
		return this.transaction.isJoined();
	}

	@Override
	public void flush() {
		this.transaction.flush();
	}

	@Override
	public void complete(StoredResult result) {
		commit(() -> {
			this.transaction.commit(result, operation().ttl());
			kept();
		});
	}

	@Override
	public void completeUnstored() {
		commit(this.transaction::commitReleased);
	}

	private void commit(Runnable step) {
		if (!settle()) {
			return;
		}
		try {
			step.run();
		}
		catch (IdempotencyStoreException ex) {
			observation().ended(Outcome.COMMIT_FAILED);
			throw new CommitFailedException(operation().name(), ex);
		}
		observation().ended(Outcome.EXECUTED);
	}

	@Override
	public void takeBack() {
		requireThread();
		this.transaction.rollBack();
	}

	@Override
	public void completeWithError(StoredResult result) {
		if (!settle()) {
			return;
		}
		try {
			if (this.transaction.rollBackAndKeep(result, operation().ttl())) {
				kept();
			}
		}
		catch (IdempotencyStoreException ex) {
			// nothing took effect, so the next call may run
			logger.warn("A call of " + operation().name() + " was rolled back and answered with an error, and the"
					+ " store failed to keep that answer. Record " + record(), ex);
		}
		observation().ended(Outcome.EXECUTED);
	}

	/** What is not answered does not take effect. */
	@Override
	public void completeUnanswered() {
		release();
	}

	@Override
	public void release() {
		if (settle()) {
			this.transaction.rollBack();
			observation().ended(Outcome.FAILED);
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
			throw new IllegalStateException("A call of " + operation().name()
					+ " can only be settled by the thread of its transaction, " + this.thread.getName());
		}
	}

}
