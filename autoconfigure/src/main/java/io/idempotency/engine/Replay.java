package io.idempotency.engine;

import java.util.function.Function;

import io.idempotency.IdempotencyException;
import io.idempotency.StoredResult;
import io.idempotency.observation.CallObservation;
import io.idempotency.observation.Outcome;
import org.jspecify.annotations.Nullable;

/** The method ran before, and what it gave is here. */
public final class Replay implements Attempt {

	private final StoredResult result;

	private final String record;

	private final CallObservation observation;

	/**
	 * @param record digest of what the result is of
	 */
	Replay(StoredResult result, String record, CallObservation observation) {
		this.result = result;
		this.record = record;
		this.observation = observation;
	}

	/** Digest of what the result is of, for logs. */
	public String record() {
		return this.record;
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
			this.observation.ended(RefusalOutcome.of(ex));
			throw ex;
		}
		this.observation.ended(Outcome.REPLAYED);
		return value;
	}

}
