package io.idempotency.observation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** The meters of one operation, looked up once. For all threads. */
public final class OperationMetrics {

	private final MeterRegistry registry;

	private final String operation;

	private final Counter duplicates;

	private final Map<Outcome, Timer> timers = new ConcurrentHashMap<>();

	private final Map<Outcome, Counter> conflicts = new ConcurrentHashMap<>();

	OperationMetrics(MeterRegistry registry, String operation) {
		this.registry = registry;
		this.operation = operation;
		this.duplicates = Counter.builder(IdempotencyMeter.DUPLICATES.getName())
			.description(IdempotencyMeter.DUPLICATES.description())
			.tag(MeterTag.OPERATION.asString(), operation)
			.register(registry);
	}

	/**
	 * A call ended.
	 * @param outcome how
	 * @param startedAt when it began, by {@link System#nanoTime()}
	 */
	public void ended(Outcome outcome, long startedAt) {
		Timer timer = this.timers.get(outcome);
		if (timer == null) {
			timer = Timer.builder(IdempotencyMeter.OPERATIONS.getName())
				.description(IdempotencyMeter.OPERATIONS.description())
				.tag(MeterTag.OPERATION.asString(), this.operation)
				.tag(MeterTag.OUTCOME.asString(), outcome.tag())
				.register(this.registry);
			this.timers.put(outcome, timer);
		}
		timer.record(System.nanoTime() - startedAt, TimeUnit.NANOSECONDS);
		if (outcome == Outcome.IN_PROGRESS || outcome == Outcome.PAYLOAD_MISMATCH) {
			conflicts(outcome).increment();
		}
	}

	private Counter conflicts(Outcome reason) {
		Counter known = this.conflicts.get(reason);
		if (known == null) {
			known = Counter.builder(IdempotencyMeter.CONFLICTS.getName())
				.description(IdempotencyMeter.CONFLICTS.description())
				.tag(MeterTag.OPERATION.asString(), this.operation)
				.tag(MeterTag.REASON.asString(), reason.tag())
				.register(this.registry);
			this.conflicts.put(reason, known);
		}
		return known;
	}

	/** A call repeated an earlier one. */
	public void duplicate() {
		this.duplicates.increment();
	}

}
