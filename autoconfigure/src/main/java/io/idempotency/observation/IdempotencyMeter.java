package io.idempotency.observation;

import java.util.List;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/** All meters of the library. */
public enum IdempotencyMeter implements MeterDocumentation {

	/** Every call of an idempotent operation, from its arrival to its answer. */
	OPERATIONS("idempotency.operations", Meter.Type.TIMER, "Calls of idempotent operations, by how they ended",
			MeterTag.OPERATION, MeterTag.OUTCOME),

	/** Calls that repeated an earlier one: replays, and those refused in progress. */
	DUPLICATES("idempotency.duplicates", Meter.Type.COUNTER, "Calls that repeated an earlier call", MeterTag.OPERATION),

	/** Calls that were refused because of what another call with their key did. */
	CONFLICTS("idempotency.conflicts", Meter.Type.COUNTER, "Calls refused because their key was taken",
			MeterTag.OPERATION, MeterTag.REASON),

	/** Calls whose method runs under a claim at this moment. */
	IN_FLIGHT("idempotency.in.flight", Meter.Type.GAUGE, "Calls whose method runs under a claim"),

	/** Every position of a stream, from its arrival to its end. */
	STREAM_POSITIONS("idempotency.stream.positions", Meter.Type.TIMER, "Positions of streams, by what became of them",
			MeterTag.OPERATION, MeterTag.OUTCOME),

	/** Every step that a store was asked for. */
	STORE("idempotency.store", Meter.Type.TIMER, "Steps of idempotency stores", MeterTag.STORE, MeterTag.COMMAND,
			MeterTag.OUTCOME),

	/** Claims whose owner found, still running or done, that another had taken over. */
	LEASES_LOST("idempotency.leases.lost", Meter.Type.COUNTER, "Claims that were taken over before their owner ended"),

	/** Results that the store did not take at once and that are tried again. */
	COMPLETIONS_DEFERRED("idempotency.completions.deferred", Meter.Type.COUNTER,
			"Results that are stored later because the store failed"),

	/** Expired records that a store without an expiry of its own removed. */
	RECORDS_PURGED("idempotency.records.purged", Meter.Type.COUNTER, "Expired records that were removed from a table");

	private final String meterName;

	private final Meter.Type type;

	private final String description;

	@SuppressWarnings("ImmutableEnumChecker") // made by List.of
	private final List<KeyName> tags;

	IdempotencyMeter(String meterName, Meter.Type type, String description, KeyName... tags) {
		this.meterName = meterName;
		this.type = type;
		this.description = description;
		this.tags = List.of(tags);
	}

	@Override
	public String getName() {
		return this.meterName;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	@Override
	public KeyName[] getKeyNames() {
		return this.tags.toArray(KeyName[]::new);
	}

	/** What is measured, as it is shown by monitoring systems. */
	public String description() {
		return this.description;
	}

}
