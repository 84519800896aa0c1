package io.idempotency.benchmarks.http;

import java.util.EnumSet;
import java.util.Set;

/** What is taken of a slice. */
enum Metric {

	REQUESTS("requests", 0), THROUGHPUT("requests/s", 0), P50("p50 µs", 0), P99("p99 µs", 0), P999("p99.9 µs", 0),

	/** Of the application's process, per request. */
	JVM_CPU("JVM CPU µs", 1),

	/** Of the application's heap, per request. */
	ALLOCATED("allocated bytes", 0),

	/** Of the main thread of Redis, per request. */
	REDIS_CPU("Redis CPU µs", 2),

	/** Of the load generator's process, per request. */
	CLIENT_CPU("client CPU µs", 1),

	/** Of everything else on the machine, in percent of all its processors. */
	OTHERS_CPU("others' CPU %", 1),

	/** Sent by the application to Redis, per request. */
	COMMANDS("commands", 2),

	/** Memory of Redis per record. */
	BYTES("bytes per record", 1);

	private static final Set<Metric> COMPARED = EnumSet.of(THROUGHPUT, P50, P99, P999, JVM_CPU, ALLOCATED, BYTES);

	private final String title;

	private final int decimals;

	Metric(String title, int decimals) {
		this.title = title;
		this.decimals = decimals;
	}

	String title() {
		return this.title;
	}

	/** Whether ratios say something, and not only how near to zero something is. */
	boolean isCompared(String base) {
		return COMPARED.contains(this)
				|| (this == REDIS_CPU && !base.equals(Subject.PLAIN) && !base.equals(Subject.WITHOUT));
	}

	int decimals() {
		return this.decimals;
	}

}
