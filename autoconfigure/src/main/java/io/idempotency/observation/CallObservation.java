package io.idempotency.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operation, from its arrival to its answer: it is counted in any case,
 * and it is a Micrometer observation where somebody wants to know. Whatever is wrong with
 * who wants to know, the call does not notice. Used by one thread after another; it is
 * {@link #ended} once.
 */
public final class CallObservation {

	private static final Log logger = LogFactory.getLog(CallObservation.class);

	private final OperationMetrics metrics;

	private final long startedAt;

	private final @Nullable Observation observation;

	private boolean claimed;

	CallObservation(OperationMetrics metrics, long startedAt, @Nullable Observation observation) {
		this.metrics = metrics;
		this.startedAt = startedAt;
		this.observation = observation;
	}

	/** When it arrived, by {@link System#nanoTime()}. */
	public long startedAt() {
		return this.startedAt;
	}

	/**
	 * It is known which record it is about.
	 * @param digest from which no key can be read
	 */
	public void record(String digest) {
		if (this.observation != null) {
			this.observation
				.highCardinalityKeyValue(KeyValue.of(IdempotencyObservation.HighCardinalityKey.RECORD, digest));
		}
	}

	/** It repeats an earlier one. */
	public void duplicate() {
		this.metrics.duplicate();
	}

	/** Its method runs under a claim from now on, until it has {@link #ended}. */
	public void claimed() {
		this.claimed = true;
		this.metrics.inFlight(1);
	}

	/**
	 * The method runs in this thread, or a part of it.
	 * @return to be run by the same thread when that is over; {@code null} if there is
	 * nothing to be done then
	 */
	public @Nullable Runnable enter() {
		return (this.observation != null) ? ObservedThread.begin(this.observation, this.metrics.observations()) : null;
	}

	/** The method threw, or what it promised will not come. */
	public void threw(Throwable failure) {
		if (this.observation != null) {
			try {
				this.observation.error(new MethodFailure(failure));
			}
			catch (RuntimeException ex) {
				unobserved(ex);
			}
		}
	}

	/**
	 * It has its answer.
	 * @param outcome which
	 */
	public void ended(Outcome outcome) {
		this.metrics.ended(outcome, this.startedAt);
		if (this.claimed) {
			this.metrics.inFlight(-1);
		}
		if (this.observation != null) {
			this.observation.lowCardinalityKeyValue(outcome.keyValue());
			stop(this.observation);
		}
	}

	/** It cannot be made at all, as the application is put together wrongly. */
	public void broken(RuntimeException failure) {
		if (this.observation != null) {
			threw(failure);
			stop(this.observation);
		}
	}

	private static void stop(Observation observation) {
		try {
			observation.stop();
		}
		catch (RuntimeException ex) {
			unobserved(ex);
		}
	}

	static void unobserved(RuntimeException failure) {
		logger.debug("A call could not be observed", failure);
	}

}
