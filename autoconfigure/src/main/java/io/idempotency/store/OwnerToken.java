package io.idempotency.store;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Who holds a claim. Two claims never share a token within one process, and by chance
 * only, 1 in 2<sup>64</sup>, across processes.
 *
 * @param value 64 bits without meaning
 */
public record OwnerToken(long value) {

	private static final long STEP = 0x9E3779B97F4A7C15L;

	private static final int SHIFT = 3;

	/** So many threads count without a wait for each other. */
	private static final int SEQUENCES = 1 << SHIFT;

	/** How many numbers are as long as what processors take from each other at once. */
	private static final int APART = 16;

	private static final AtomicLongArray sequences = sequences();

	private static AtomicLongArray sequences() {
		AtomicLongArray numbers = new AtomicLongArray((SEQUENCES + 1) * APART);
		long start = new SecureRandom().nextLong();
		for (int i = 0; i < SEQUENCES; i++) {
			numbers.set((i + 1) * APART, start + i * STEP);
		}
		return numbers;
	}

	/** A token that nobody else holds. */
	public static OwnerToken next() {
		int sequence = (int) Thread.currentThread().getId() & (SEQUENCES - 1);
		// each goes on by the steps of all, so none meets a number of another; SplitMix64
		// is a bijection of them, so no token comes twice in a process
		long z = sequences.addAndGet((sequence + 1) * APART, STEP << SHIFT);
		z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
		z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
		return new OwnerToken(z ^ (z >>> 31));
	}

}
