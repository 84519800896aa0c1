package io.idempotency.observation;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** The timers of one store, looked up once. For all threads. */
public final class StoreMetrics {

	/** What a store is asked. */
	public enum Command {

		/** Claim a key or learn what is there. */
		CLAIM,

		/** Extend a lease. */
		RENEW,

		/** Store a result. */
		COMPLETE,

		/** Free a key. */
		RELEASE,

		/** Leave a key behind with an unknown outcome. */
		ABANDON,

		/** Look at the mark of a stream. */
		READ,

		/** Advance the mark of a stream. */
		ADVANCE

	}

	/** What a store answers. */
	public enum Answer {

		/** The caller owns the key. */
		ACQUIRED,

		/** Another owner runs the method. */
		PENDING,

		/** An owner ended without a known outcome, and its key is held. */
		UNKNOWN,

		/** There is a result. */
		COMPLETED,

		/** The step was made. */
		OK,

		/** The record was not the caller's, or the mark not what it had read. */
		LOST,

		/** The store failed. */
		ERROR

	}

	private final MeterRegistry registry;

	private final String store;

	private final Map<Command, Map<Answer, Timer>> timers = new EnumMap<>(Command.class);

	StoreMetrics(MeterRegistry registry, String store) {
		this.registry = registry;
		this.store = store;
		for (Command command : Command.values()) {
			this.timers.put(command, new ConcurrentHashMap<>());
		}
	}

	/**
	 * A step ended.
	 * @param command what was asked
	 * @param answer what came
	 * @param startedAt when it was asked, by {@link System#nanoTime()}
	 */
	public void answered(Command command, Answer answer, long startedAt) {
		Map<Answer, Timer> ofCommand = Objects.requireNonNull(this.timers.get(command));
		Timer timer = ofCommand.get(answer);
		if (timer == null) {
			timer = Timer.builder(IdempotencyMeter.STORE.getName())
				.description(IdempotencyMeter.STORE.description())
				.tag(MeterTag.STORE.asString(), this.store)
				.tag(MeterTag.COMMAND.asString(), command.name().toLowerCase(Locale.ROOT))
				.tag(MeterTag.OUTCOME.asString(), answer.name().toLowerCase(Locale.ROOT))
				.register(this.registry);
			ofCommand.put(answer, timer);
		}
		timer.record(System.nanoTime() - startedAt, TimeUnit.NANOSECONDS);
	}

}
