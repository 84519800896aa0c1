package io.idempotency.benchmarks.http;

/** Names of what is measured. */
final class Parts {

	/** A closed loop of new keys. */
	static final String FIRST = "first";

	/** A closed loop of keys that were used before. */
	static final String REPLAY = "replay";

	/** The same on one connection. */
	static final String IDLE_FIRST = "idle first";

	/** The same on one connection. */
	static final String IDLE_REPLAY = "idle replay";

	/** New keys at a constant rate. */
	static final String OPEN = "open";

	/**
	 * New keys at a rate that is too much for the floor; half of what it does is the
	 * rate.
	 */
	static final String SATURATION = "saturation";

	static final String MEMORY = "memory";

	static final String COMMANDS_FIRST = "commands first";

	static final String COMMANDS_REPLAY = "commands replay";

	/** No keys, with and without the starter. */
	static final String WITHOUT = "without";

	/** Replays with few and with many live records in Redis. */
	static final String RECORDS_IN_REDIS = "records in redis";

	/** Replays with few and with many live records in the application's memory. */
	static final String RECORDS_IN_MEMORY = "records in memory";

	private Parts() {
	}

}
