package io.idempotency.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.idempotency.CommitFailedException;
import io.idempotency.IdempotencyTemplate.Task;
import io.idempotency.OperationInProgressException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.StreamOrderException;
import io.idempotency.StreamPositionException;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.observation.PositionOutcome;
import io.idempotency.store.IdempotencyStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to a position of a stream: skip it, or run the method and advance
 * the mark. Never runs a method whose mark it could not read, whatever
 * {@code idempotency.on-store-failure} says: a log delivers again. For all threads.
 */
public final class StreamEngine {

	private final Map<String, StreamMarks> marks = new HashMap<>();

	private final Set<String> names;

	private final IdempotencyMetrics metrics;

	private final StreamTurns turns;

	/**
	 * @param stores that operations may name
	 * @param metrics counts
	 * @param patience how long a position waits that is being handled already
	 */
	public StreamEngine(MarkStores stores, IdempotencyMetrics metrics, Duration patience) {
		stores.separate()
			.forEach((name, store) -> this.marks.put(name,
					new SeparateMarks(new ObservedMarks(store, observation(name, metrics)))));
		stores.transactional()
			.forEach((name, store) -> this.marks.put(name,
					new TransactionalMarks(new ObservedTransactionalMarks(store, observation(name, metrics)))));
		this.names = stores.names();
		this.metrics = metrics;
		this.turns = new StreamTurns(patience.toNanos());
	}

	private static StoreObservation observation(String name, IdempotencyMetrics metrics) {
		return new StoreObservation(name, metrics.store(name));
	}

	/** The names that an operation's store may have. */
	public Set<String> storeNames() {
		return this.names;
	}

	/** Whether a store advances its marks in the transactions of the methods. */
	public boolean isTransactional(String store) {
		return this.marks.get(store) instanceof TransactionalMarks;
	}

	/**
	 * Handles a position, unless it stands at or below the mark.
	 * @param asked which
	 * @param work what is done with it
	 * @return whether the work was run
	 * @throws X what the work threw, unchanged; the mark is where it was
	 * @throws StoreUnavailableException if the mark cannot be read; the work was not run
	 * @throws CommitFailedException if the transaction of work and mark was not
	 * committed, or nobody knows whether it was
	 * @throws StreamOrderException if another position of the stream is being handled
	 * @throws OperationInProgressException if the same position is, for too long
	 */
	public <X extends Throwable> boolean handle(StreamPosition asked, Task<X> work) throws X {
		StreamMarks used = this.marks.get(asked.store());
		if (used == null) {
			throw new IllegalStateException("There is no store named " + asked.store() + " that keeps marks");
		}
		StreamStep step = new StreamStep(asked.operation(), asked.key(), asked.position(),
				this.metrics.stream(asked.operation()), System.nanoTime());
		StreamTurns.Turn turn = turn(step, used);
		if (turn == null) {
			step.ended(PositionOutcome.REPLAYED);
			return false;
		}
		try (turn) {
			return used.handle(step, work);
		}
	}

	private StreamTurns.@Nullable Turn turn(StreamStep step, StreamMarks used) {
		try {
			return this.turns.take(step, () -> used.read(step));
		}
		catch (StreamOrderException ex) {
			step.ended(PositionOutcome.OUT_OF_ORDER);
			throw ex;
		}
		catch (OperationInProgressException ex) {
			step.ended(PositionOutcome.IN_PROGRESS);
			throw ex;
		}
		catch (IdempotencyStoreException ex) {
			throw step.unavailable(ex);
		}
	}

	/**
	 * Counts a call that has no place in a stream.
	 * @return the same exception, to be thrown
	 */
	public StreamPositionException refused(StreamPositionException refusal) {
		this.metrics.stream(refusal.getOperation()).ended(PositionOutcome.NO_POSITION, System.nanoTime());
		return refusal;
	}

}
