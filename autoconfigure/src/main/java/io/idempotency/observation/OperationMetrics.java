package io.idempotency.observation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/** The meters and observations of one operation, looked up once. For all threads. */
public final class OperationMetrics {

	private final MeterRegistry registry;

	private final ObservationRegistry observations;

	private final LongAdder inFlight;

	private final String operation;

	private final String spanName;

	private final KeyValue operationKey;

	private final Counter duplicates;

	private final Map<Outcome, Timer> timers = new ConcurrentHashMap<>();

	private final Map<Outcome, Counter> conflicts = new ConcurrentHashMap<>();

	OperationMetrics(MeterRegistry registry, ObservationRegistry observations, LongAdder inFlight, String operation) {
		this.registry = registry;
		this.observations = observations;
		this.inFlight = inFlight;
		this.operation = operation;
		this.spanName = IdempotencyObservation.OPERATION.getContextualName().formatted(operation);
		this.operationKey = KeyValue.of(MeterTag.OPERATION, operation);
		this.duplicates = Counter.builder(IdempotencyMeter.DUPLICATES.getName())
			.description(IdempotencyMeter.DUPLICATES.description())
			.tag(MeterTag.OPERATION.asString(), operation)
			.register(registry);
	}

	/** A call has arrived. */
	public CallObservation begin() {
		return new CallObservation(this, System.nanoTime(), this.observations.isNoop() ? null : observe());
	}

	private @Nullable Observation observe() {
		try {
			Observation observation = Observation.createNotStarted(IdempotencyObservation.OPERATION.getName(),
					this::context, this.observations);
			return observation.isNoop() ? null : observation.start();
		}
		catch (Throwable ex) {
			CallObservation.unobserved(ex);
			return null;
		}
	}

	private OperationContext context() {
		OperationContext context = new OperationContext(this.operation);
		context.setContextualName(this.spanName);
		context.addLowCardinalityKeyValue(this.operationKey);
		return context;
	}

	void ended(Outcome outcome, long startedAt) {
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

	ObservationRegistry observations() {
		return this.observations;
	}

	void inFlight(long change) {
		this.inFlight.add(change);
	}

	void duplicate() {
		this.duplicates.increment();
	}

}
