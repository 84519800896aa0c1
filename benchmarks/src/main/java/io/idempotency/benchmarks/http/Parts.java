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

	/** The throughput that the rate depends on, where it is not known yet. */
	static final String SATURATION = "saturation";

	static final String MEMORY = "memory";

	static final String COMMANDS_FIRST = "commands first";

	static final String COMMANDS_REPLAY = "commands replay";

	/** No keys, with and without the starter. */
	static final String WITHOUT = "without";

	private Parts() {
	}

}
