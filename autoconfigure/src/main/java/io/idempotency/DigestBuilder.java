package io.idempotency;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.AbstractMap.SimpleImmutableEntry;

import org.jspecify.annotations.Nullable;

/**
 * Digests a sequence of values so that no two sequences look alike: every value says how
 * long it is. What it makes is stored and compared across versions of the library, so it
 * never changes. For doors; not safe for use by several threads.
 */
public final class DigestBuilder {

	private static final int CHUNK = 128;

	private static final int STREAM_CHUNK = 8192;

	private static final int LONGEST_UNIT = 3;

	private static final int DIGEST_LENGTH = 32;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	/**
	 * The digest and the chunk that the builder before left to its thread: to look a
	 * digest up takes as long as to use it. A class of ours in their place would keep an
	 * application that was undeployed in the memory of threads that were not.
	 */
	private static final ThreadLocal<SimpleImmutableEntry<MessageDigest, byte[]>> LEFT = new ThreadLocal<>();

	private @Nullable SimpleImmutableEntry<MessageDigest, byte[]> tools;

	private int filled;

	public DigestBuilder() {
		SimpleImmutableEntry<MessageDigest, byte[]> left = LEFT.get();
		if (left != null) {
			// not for another builder until this one has ended
			LEFT.set(null);
		}
		else {
			left = new SimpleImmutableEntry<>(sha256(), new byte[CHUNK]);
		}
		this.tools = left;
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/** Adds a mark that tells apart what follows; not a value, has no length. */
	public DigestBuilder mark(char mark) {
		byte[] chunk = reserve(1);
		chunk[this.filled++] = (byte) mark;
		return this;
	}

	public DigestBuilder number(long number) {
		byte[] chunk = reserve(Long.BYTES);
		LONGS.set(chunk, this.filled, number);
		this.filled += Long.BYTES;
		return this;
	}

	/** Adds a text, unit by unit, so that even unpaired surrogates stay different. */
	public DigestBuilder text(String text) {
		number(text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			byte[] chunk = reserve(LONGEST_UNIT);
			if (c < 0x80) {
				chunk[this.filled++] = (byte) c;
			}
			else {
				chunk[this.filled++] = (byte) (0x80 | (c >>> 12));
				chunk[this.filled++] = (byte) (0x80 | ((c >>> 6) & 0x3F));
				chunk[this.filled++] = (byte) (0x80 | (c & 0x3F));
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
		flushed().update(bytes, offset, length);
		return this;
	}

	/**
	 * Adds the bytes of a stream, which are those of an equal array.
	 * @param length how many they are
	 * @throws IOException if they cannot be read, or are not as many
	 */
	public DigestBuilder bytes(InputStream stream, long length) throws IOException {
		number(length);
		MessageDigest current = flushed();
		byte[] part = new byte[STREAM_CHUNK];
		long total = 0;
		for (int count = stream.read(part); count >= 0; count = stream.read(part)) {
			current.update(part, 0, count);
			total += count;
		}
		if (total != length) {
			throw new IOException("There are " + total + " bytes to digest and not " + length);
		}
		return this;
	}

	/** The fingerprint of all that was added. Ends the builder. */
	public Fingerprint build() {
		SimpleImmutableEntry<MessageDigest, byte[]> used = current();
		// they are the next one's from now on
		this.tools = null;
		flush(used);
		byte[] result = used.getValue();
		try {
			used.getKey().digest(result, 0, DIGEST_LENGTH);
		}
		catch (DigestException ex) {
			throw new IllegalStateException("SHA-256 has " + DIGEST_LENGTH + " bytes", ex);
		}
		Fingerprint fingerprint = new Fingerprint((long) LONGS.get(result, 0), (long) LONGS.get(result, Long.BYTES));
		LEFT.set(used);
		return fingerprint;
	}

	private byte[] reserve(int bytes) {
		SimpleImmutableEntry<MessageDigest, byte[]> current = current();
		if (CHUNK - this.filled < bytes) {
			flush(current);
		}
		return current.getValue();
	}

	private MessageDigest flushed() {
		SimpleImmutableEntry<MessageDigest, byte[]> current = current();
		flush(current);
		return current.getKey();
	}

	private void flush(SimpleImmutableEntry<MessageDigest, byte[]> current) {
		current.getKey().update(current.getValue(), 0, this.filled);
		this.filled = 0;
	}

	private SimpleImmutableEntry<MessageDigest, byte[]> current() {
		SimpleImmutableEntry<MessageDigest, byte[]> current = this.tools;
		if (current == null) {
			throw new IllegalStateException("The builder has ended");
		}
		return current;
	}

}
