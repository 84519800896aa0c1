package io.idempotency.engine;

import java.util.OptionalLong;

import io.idempotency.observation.StoreMetrics.Command;
import io.idempotency.store.StreamKey;
import io.idempotency.store.TransactionalHighWaterMarkStore;
import io.idempotency.store.TransactionalMark;

/**
 * Measures every step of marks in transactions, and gives all failures one type. For all
 * threads.
 */
final class ObservedTransactionalMarks implements TransactionalHighWaterMarkStore {

	private final TransactionalHighWaterMarkStore store;

	private final StoreObservation observation;

	ObservedTransactionalMarks(TransactionalHighWaterMarkStore store, StoreObservation observation) {
		this.store = store;
		this.observation = observation;
	}

	@Override
	public TransactionalMark begin(StreamKey stream, long position) {
		long startedAt = System.nanoTime();
		try {
			TransactionalMark mark = this.store.begin(stream, position);
			this.observation.advanced(mark.isAdvanced(), startedAt);
			return new ObservedMark(mark, this.observation);
		}
		catch (IllegalStateException ex) {
			// nothing is wrong with the store
			throw ex;
		}
		catch (RuntimeException ex) {
			throw this.observation.failed(Command.ADVANCE, startedAt, ex);
		}
	}

	@Override
	public OptionalLong read(StreamKey stream) {
		return this.observation.measure(Command.READ, () -> this.store.read(stream));
	}

	private record ObservedMark(TransactionalMark mark, StoreObservation observation) implements TransactionalMark {

		@Override
		public boolean isAdvanced() {
			return this.mark.isAdvanced();
		}

		@Override
		public void flush() {
			this.mark.flush();
		}

		@Override
		public void commit() {
			var unused = this.observation.observe(Command.COMPLETE, () -> {
				this.mark.commit();
				return true;
			});
		}

		@Override
		public void rollBack() {
			this.mark.rollBack();
		}

	}

}
