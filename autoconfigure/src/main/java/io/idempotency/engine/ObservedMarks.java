package io.idempotency.engine;

import java.util.OptionalLong;

import io.idempotency.observation.StoreMetrics.Command;
import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.StreamKey;

/**
 * Measures every step of a store's marks, and gives all failures one type. For all
 * threads.
 */
final class ObservedMarks implements HighWaterMarkStore {

	private final HighWaterMarkStore store;

	private final StoreObservation observation;

	ObservedMarks(HighWaterMarkStore store, StoreObservation observation) {
		this.store = store;
		this.observation = observation;
	}

	@Override
	public OptionalLong read(StreamKey stream) {
		return this.observation.measure(Command.READ, () -> this.store.read(stream));
	}

	@Override
	public boolean advance(StreamKey stream, OptionalLong expected, long position) {
		return this.observation.observe(Command.ADVANCE, () -> this.store.advance(stream, expected, position));
	}

}
