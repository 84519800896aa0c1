package io.idempotency.engine;

import io.idempotency.StoreUnavailableException;
import io.idempotency.observation.PositionOutcome;
import io.idempotency.observation.StreamMetrics;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StreamKey;

/**
 * A position on its way, from its arrival to its end.
 *
 * @param operation the name of the operation
 * @param stream identity of the mark
 * @param position where in the stream
 * @param metrics of the operation
 * @param startedAt when it came, by {@link System#nanoTime()}
 */
record StreamStep(String operation, StreamKey stream, long position, StreamMetrics metrics, long startedAt) {

	/** Counts what became of it; to be called once. */
	void ended(PositionOutcome outcome) {
		this.metrics.ended(outcome, this.startedAt);
	}

	/** Counts that, and says so. */
	StoreUnavailableException unavailable(IdempotencyStoreException cause) {
		ended(PositionOutcome.STORE_UNAVAILABLE);
		return new StoreUnavailableException(this.operation, cause);
	}

}
