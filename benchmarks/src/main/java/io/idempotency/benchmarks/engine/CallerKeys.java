package io.idempotency.benchmarks.engine;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** The keys of one thread's callers, made beforehand, one after the other in memory. */
final class CallerKeys {

	private static final AtomicLong sets = new AtomicLong();

	private final String[] keys;

	private int next;

	/**
	 * @param count how many, a power of two
	 */
	CallerKeys(int count) {
		long set = sets.incrementAndGet();
		this.keys = new String[count];
		for (int i = 0; i < count; i++) {
			this.keys[i] = new UUID(set, i * 0x9E3779B97F4A7C15L).toString();
		}
	}

	/** One key after the other, from the start again after the last. */
	String next() {
		return this.keys[this.next++ & (this.keys.length - 1)];
	}

	String[] all() {
		return this.keys;
	}

}
