package io.idempotency.observation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of one operation's streams. Used by the engine; for all threads. Streams
 * share them: no tag names one.
 */
public final class StreamMetrics {

	private final MeterRegistry registry;

	private final String operation;

	private final Map<PositionOutcome, Timer> timers = new ConcurrentHashMap<>();

	StreamMetrics(MeterRegistry registry, String operation) {
		this.registry = registry;
		this.operation = operation;
	}

	/**
	 * A position has come to its end.
	 * @param outcome what became of it
	 * @param startedAt when it came, by {@link System#nanoTime()}
	 */
	public void ended(PositionOutcome outcome, long startedAt) {
		Timer timer = this.timers.get(outcome);
		if (timer == null) {
			timer = Timer.builder(IdempotencyMeter.STREAM_POSITIONS.getName())
				.description(IdempotencyMeter.STREAM_POSITIONS.description())
				.tag(MeterTag.OPERATION.asString(), this.operation)
				.tag(MeterTag.OUTCOME.asString(), outcome.tag())
				.register(this.registry);
			this.timers.put(outcome, timer);
		}
		timer.record(System.nanoTime() - startedAt, TimeUnit.NANOSECONDS);
	}

}
