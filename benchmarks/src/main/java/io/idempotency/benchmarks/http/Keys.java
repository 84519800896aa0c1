package io.idempotency.benchmarks.http;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Keys of 36 characters that look like UUIDs: the first 24 are random for a run, the last
 * twelve digits count.
 */
final class Keys {

	private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

	private static final int COUNTER_LENGTH = 12;

	/** Where the replayed ones begin, out of the way of the new ones. */
	private static final long REPLAY_BASE = 0xf00000000000L;

	private final String prefix = UUID.randomUUID().toString().substring(0, 24);

	private final int replays;

	private long fresh;

	private long replayed;

	/**
	 * Makes new keys.
	 * @param replays how many of them are replayed
	 */
	Keys(int replays) {
		this.replays = replays;
	}

	/** How many keys are replayed. */
	int replays() {
		return this.replays;
	}

	/** A key in full, to be changed by {@link #patch}. */
	String template() {
		return this.prefix + "0".repeat(COUNTER_LENGTH);
	}

	long next(Kind kind) {
		return (kind == Kind.REPLAY) ? REPLAY_BASE + (this.replayed++ % this.replays) : this.fresh++;
	}

	/** Writes the counting part of a key that starts at an offset. */
	void patch(byte[] request, int offset, long number) {
		long rest = number;
		for (int i = offset + this.prefix.length() + COUNTER_LENGTH - 1; i >= offset + this.prefix.length(); i--) {
			request[i] = DIGITS[(int) (rest & 0xf)];
			rest >>>= 4;
		}
	}

}
