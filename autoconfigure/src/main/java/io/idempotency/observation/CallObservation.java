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
		Observation observed = this.observation;
		if (observed != null) {
			quietly(() -> observed
				.highCardinalityKeyValue(KeyValue.of(IdempotencyObservation.HighCardinalityKey.RECORD, digest)));
		}
	}

	/** It repeats an earlier one. */
	public void duplicate() {
		try {
			this.metrics.duplicate();
		}
		catch (Throwable ex) {
			unobserved(ex);
		}
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
		Observation observed = this.observation;
		if (observed != null) {
			quietly(() -> observed.error(new MethodFailure(failure)));
		}
	}

	/**
	 * It has its answer.
	 * @param outcome which
	 */
	public void ended(Outcome outcome) {
		leave();
		Observation observed = this.observation;
		if (observed != null) {
			quietly(() -> observed.lowCardinalityKeyValue(outcome.keyValue()).stop());
		}
		try {
			this.metrics.ended(outcome, this.startedAt);
		}
		catch (Throwable ex) {
			unobserved(ex);
		}
	}

	/** It cannot be made at all, as the application is put together wrongly. */
	public void broken(RuntimeException failure) {
		leave();
		threw(failure);
		Observation observed = this.observation;
		if (observed != null) {
			quietly(observed::stop);
		}
	}

	private void leave() {
		if (this.claimed) {
			this.claimed = false;
			this.metrics.inFlight(-1);
		}
	}

	/** A claim is settled whatever comes of this, so errors are no exception. */
	private static void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			unobserved(ex);
		}
	}

	static void unobserved(Throwable failure) {
		logger.debug("A call could not be observed", failure);
	}

}
