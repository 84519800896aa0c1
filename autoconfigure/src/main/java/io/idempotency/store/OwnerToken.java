package io.idempotency.store;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who holds a claim. Two claims never share a token within one process, and by chance
 * only, 1 in 2<sup>64</sup>, across processes.
 *
 * @param value 64 bits without meaning
 */
public record OwnerToken(long value) {

	private static final AtomicLong sequence = new AtomicLong(new SecureRandom().nextLong());

	/** A token that nobody else holds. */
	public static OwnerToken next() {
		// SplitMix64: a bijection of the counter, so no token comes twice in a process
		long z = sequence.addAndGet(0x9E3779B97F4A7C15L);
		z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
		z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
		return new OwnerToken(z ^ (z >>> 31));
	}

}
