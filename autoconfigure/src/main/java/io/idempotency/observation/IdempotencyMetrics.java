package io.idempotency.observation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;

/** Where the library counts and says what happens. For all threads. */
public final class IdempotencyMetrics {

	private final MeterRegistry registry;

	private final ObservationRegistry observations;

	private final LongAdder inFlight = new LongAdder();

	private final Map<String, OperationMetrics> operations = new ConcurrentHashMap<>();

	private final Map<String, StreamMetrics> streams = new ConcurrentHashMap<>();

	private final Counter leasesLost;

	private final Counter completionsDeferred;

	private final Counter recordsPurged;

	/** Counts, and makes no observations. */
	public IdempotencyMetrics(MeterRegistry registry) {
		this(registry, ObservationRegistry.NOOP);
	}

	/**
	 * @param registry of the meters
	 * @param observations where each call is an observation too; its handlers must not
	 * time those: see {@link UntimedOperations}
	 */
	public IdempotencyMetrics(MeterRegistry registry, ObservationRegistry observations) {
		this.registry = registry;
		this.observations = observations;
		Gauge.builder(IdempotencyMeter.IN_FLIGHT.getName(), this.inFlight, LongAdder::sum)
			.description(IdempotencyMeter.IN_FLIGHT.description())
			.register(registry);
		this.leasesLost = counter(IdempotencyMeter.LEASES_LOST);
		this.completionsDeferred = counter(IdempotencyMeter.COMPLETIONS_DEFERRED);
		this.recordsPurged = counter(IdempotencyMeter.RECORDS_PURGED);
	}

	/** The meters of one operation. */
	public OperationMetrics operation(String name) {
		OperationMetrics known = this.operations.get(name);
		return (known != null) ? known : this.operations.computeIfAbsent(name,
				(missing) -> new OperationMetrics(this.registry, this.observations, this.inFlight, missing));
	}

	/** The meters of one operation's streams. */
	public StreamMetrics stream(String name) {
		StreamMetrics known = this.streams.get(name);
		return (known != null) ? known
				: this.streams.computeIfAbsent(name, (missing) -> new StreamMetrics(this.registry, missing));
	}

	/** The timers of one store. */
	public StoreMetrics store(String name) {
		return new StoreMetrics(this.registry, name);
	}

	/** An owner found that its claim was taken over. */
	public void leaseLost() {
		this.leasesLost.increment();
	}

	/** A result could not be stored at once. */
	public void completionDeferred() {
		this.completionsDeferred.increment();
	}

	/** Expired records were removed. */
	public void recordsPurged(int count) {
		this.recordsPurged.increment(count);
	}

	private Counter counter(IdempotencyMeter meter) {
		return Counter.builder(meter.getName()).description(meter.description()).register(this.registry);
	}

}
