package io.idempotency;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Digests a sequence of values so that no two sequences look alike: every value says how
 * long it is. What it makes is stored and compared across versions of the library, so it
 * never changes. For doors; not safe for use by several threads.
 */
public final class DigestBuilder {

	private static final int CHUNK = 128;

	private static final int STREAM_CHUNK = 8192;

	private final MessageDigest digest;

	private final byte[] chunk = new byte[CHUNK];

	private int filled;

	public DigestBuilder() {
		try {
			this.digest = MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/** Adds a mark that tells apart what follows; not a value, has no length. */
	public DigestBuilder mark(char mark) {
		put((byte) mark);
		return this;
	}

	public DigestBuilder number(long number) {
		for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
			put((byte) (number >>> shift));
		}
		return this;
	}

	/** Adds a text, unit by unit, so that even unpaired surrogates stay different. */
	public DigestBuilder text(String text) {
		number(text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < 0x80) {
				put((byte) c);
			}
			else {
				put((byte) (0x80 | (c >>> 12)));
				put((byte) (0x80 | ((c >>> 6) & 0x3F)));
				put((byte) (0x80 | (c & 0x3F)));
			}
		}
		return this;
	}

	/** Adds the first bytes of an array. */
	public DigestBuilder bytes(byte[] bytes, int length) {
		return bytes(bytes, 0, length);
	}

	/** Adds some of the bytes of an array. */
	public DigestBuilder bytes(byte[] bytes, int offset, int length) {
		number(length);
		flush();
		this.digest.update(bytes, offset, length);
		return this;
	}

	/**
	 * Adds the bytes of a stream, which are those of an equal array.
	 * @param length how many they are
	 * @throws IOException if they cannot be read, or are not as many
	 */
	public DigestBuilder bytes(InputStream stream, long length) throws IOException {
		number(length);
		flush();
		byte[] part = new byte[STREAM_CHUNK];
		long total = 0;
		for (int count = stream.read(part); count >= 0; count = stream.read(part)) {
			this.digest.update(part, 0, count);
			total += count;
		}
		if (total != length) {
			throw new IOException("There are " + total + " bytes to digest and not " + length);
		}
		return this;
	}

	/** The fingerprint of all that was added. Ends the builder. */
	public Fingerprint build() {
		flush();
		return Fingerprint.of(this.digest.digest());
	}

	private void put(byte value) {
		if (this.filled == CHUNK) {
			flush();
		}
		this.chunk[this.filled++] = value;
	}

	private void flush() {
		this.digest.update(this.chunk, 0, this.filled);
		this.filled = 0;
	}

}
