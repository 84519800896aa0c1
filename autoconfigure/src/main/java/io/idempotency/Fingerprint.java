package io.idempotency;

import java.nio.ByteBuffer;

import org.springframework.util.Assert;

/**
 * What a call asked for, as the first 128 bits of a SHA-256 digest. Two calls with one
 * key and different fingerprints are a mismatch.
 *
 * @param high the first eight bytes, big-endian
 * @param low the next eight bytes, big-endian
 */
public record Fingerprint(long high, long low) {

	/** Number of bytes in {@link #toBytes()}. */
	public static final int LENGTH = 16;

	/**
	 * Takes the first {@value #LENGTH} bytes of a digest.
	 * @param digest at least {@value #LENGTH} bytes
	 */
	public static Fingerprint of(byte[] digest) {
		Assert.isTrue(digest.length >= LENGTH, "A fingerprint needs 16 bytes");
		ByteBuffer buffer = ByteBuffer.wrap(digest);
		return new Fingerprint(buffer.getLong(), buffer.getLong());
	}

	public byte[] toBytes() {
		return ByteBuffer.allocate(LENGTH).putLong(this.high).putLong(this.low).array();
	}

	/** Does not print its value: it says something about what a caller sent. */
	@Override
	public String toString() {
		return "Fingerprint";
	}

}
