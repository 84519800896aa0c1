package io.idempotency.engine;

import java.util.function.Function;

import io.idempotency.IdempotencyException;
import io.idempotency.StoredResult;
import io.idempotency.observation.OperationMetrics;
import io.idempotency.observation.Outcome;
import org.jspecify.annotations.Nullable;

/** The method ran before, and what it gave is here. */
public final class Replay implements Attempt {

	private final StoredResult result;

	private final OperationMetrics metrics;

	private final long startedAt;

	Replay(StoredResult result, OperationMetrics metrics, long startedAt) {
		this.result = result;
		this.metrics = metrics;
		this.startedAt = startedAt;
	}

	/**
	 * Makes a value of the stored result, and counts what becomes of the call.
	 * @param reader knows how; refuses the call if it cannot
	 * @return what the caller gets
	 */
	public <T extends @Nullable Object> T read(Function<StoredResult, T> reader) {
		T value;
		try {
			value = reader.apply(this.result);
		}
		catch (IdempotencyException ex) {
			this.metrics.ended(RefusalOutcome.of(ex), this.startedAt);
			throw ex;
		}
		this.metrics.ended(Outcome.REPLAYED, this.startedAt);
		return value;
	}

}
