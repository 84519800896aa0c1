package io.idempotency.engine;

import java.util.OptionalLong;

import io.idempotency.CommitFailedException;
import io.idempotency.IdempotencyTemplate.Task;
import io.idempotency.observation.PositionOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.TransactionalHighWaterMarkStore;
import io.idempotency.store.TransactionalMark;

/**
 * The marks of a store that advances each in the transaction of its work, before that
 * begins: whoever handles the same position elsewhere waits for the commit.
 */
final class TransactionalMarks implements StreamMarks {

	private final TransactionalHighWaterMarkStore store;

	TransactionalMarks(TransactionalHighWaterMarkStore store) {
		this.store = store;
	}

	@Override
	public OptionalLong read(StreamStep step) {
		return this.store.read(step.stream());
	}

	@Override
	public <X extends Throwable> boolean handle(StreamStep step, Task<X> work) throws X {
		TransactionalMark mark = begin(step);
		if (!mark.isAdvanced()) {
			step.ended(PositionOutcome.REPLAYED);
			return false;
		}
		try {
			work.run();
			mark.flush();
		}
		catch (Throwable ex) {
			mark.rollBack();
			step.ended(PositionOutcome.FAILED);
			throw ex;
		}
		try {
			mark.commit();
		}
		catch (IdempotencyStoreException ex) {
			step.ended(PositionOutcome.COMMIT_FAILED);
			throw new CommitFailedException(step.operation(), ex);
		}
		step.ended(PositionOutcome.EXECUTED);
		return true;
	}

	private TransactionalMark begin(StreamStep step) {
		try {
			return this.store.begin(step.stream(), step.position());
		}
		catch (IdempotencyStoreException ex) {
			throw step.unavailable(ex);
		}
		catch (IllegalStateException ex) {
			// the transaction around the call is none that the mark can be in
			step.ended(PositionOutcome.FAILED);
			throw ex;
		}
	}

}
