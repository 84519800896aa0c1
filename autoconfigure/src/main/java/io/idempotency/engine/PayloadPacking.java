package io.idempotency.engine;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import org.jspecify.annotations.Nullable;

/**
 * Makes payloads smaller where it pays. A payload that is not made smaller is stored as
 * it is, without a copy. Where its first byte is one of those that have a meaning here,
 * F8 to FF, one more goes before it; nothing that a door writes begins like that, nor
 * does any text in UTF-8.
 *
 * <pre>
 * FF  the payload
 * FE  its length, four bytes, big-endian, and the payload in the format of zlib (RFC 1950)
 * </pre>
 */
final class PayloadPacking {

	static final byte PLAIN = (byte) 0xFF;

	static final byte DEFLATED = (byte) 0xFE;

	private static final int MARKERS = 0xF8;

	/**
	 * Larger payloads stay as they are, so that no record can ask for more memory than
	 * this.
	 */
	static final int LARGEST = 16 * 1024 * 1024;

	private static final int DEFLATED_HEADER = 1 + Integer.BYTES;

	/** One byte of a deflated payload stands for no more than this many. */
	private static final int STRONGEST = 1032;

	private final int threshold;

	/**
	 * @param threshold payloads of more bytes are deflated
	 */
	PayloadPacking(int threshold) {
		this.threshold = threshold;
	}

	/** The bytes for a payload, which may be the payload itself. */
	byte[] pack(byte[] payload) {
		boolean worthATry = payload.length > this.threshold && payload.length <= LARGEST;
		byte[] deflated = worthATry ? deflate(payload) : null;
		if (deflated != null) {
			return deflated;
		}
		return startsWithMarker(payload) ? marked(PLAIN, payload) : payload;
	}

	private static boolean startsWithMarker(byte[] bytes) {
		return bytes.length > 0 && (bytes[0] & MARKERS) == MARKERS;
	}

	/** These bytes, with a marker before them. */
	static byte[] marked(byte marker, byte[] bytes) {
		return ByteBuffer.allocate(1 + bytes.length).put(marker).put(bytes).array();
	}

	/** Deflates, unless that saves less than an eighth. */
	private static byte @Nullable [] deflate(byte[] payload) {
		byte[] packed = new byte[payload.length - payload.length / 8];
		if (packed.length <= DEFLATED_HEADER) {
			return null;
		}
		Deflater deflater = new Deflater(Deflater.BEST_SPEED);
		try {
			deflater.setInput(payload);
			deflater.finish();
			int length = deflater.deflate(packed, DEFLATED_HEADER, packed.length - DEFLATED_HEADER);
			if (!deflater.finished()) {
				return null;
			}
			ByteBuffer.wrap(packed).put(DEFLATED).putInt(payload.length);
			return Arrays.copyOf(packed, DEFLATED_HEADER + length);
		}
		finally {
			deflater.end();
		}
	}

	/**
	 * The payload, which may be the bytes themselves.
	 * @throws DataFormatException if the bytes are not what {@link #pack} makes
	 */
	byte[] unpack(byte[] packed) throws DataFormatException {
		if (!startsWithMarker(packed)) {
			return packed;
		}
		if (packed[0] == PLAIN) {
			return Arrays.copyOfRange(packed, 1, packed.length);
		}
		if (packed[0] == DEFLATED && packed.length > DEFLATED_HEADER) {
			return inflate(packed, ByteBuffer.wrap(packed).getInt(1));
		}
		throw new DataFormatException("unknown packaging");
	}

	private static byte[] inflate(byte[] packed, int length) throws DataFormatException {
		int deflatedLength = packed.length - DEFLATED_HEADER;
		if (length < 1 || length > LARGEST || length / STRONGEST > deflatedLength) {
			throw new DataFormatException("impossible length");
		}
		byte[] payload = new byte[length];
		Inflater inflater = new Inflater();
		try {
			inflater.setInput(packed, DEFLATED_HEADER, deflatedLength);
			int inflated = inflater.inflate(payload);
			// one byte more lets it reach the checksum, and shows what should not be
			// there
			int excess = inflater.inflate(new byte[1]);
			if (inflated != length || excess != 0 || !inflater.finished() || inflater.getRemaining() != 0) {
				throw new DataFormatException("other length than announced");
			}
			return payload;
		}
		finally {
			inflater.end();
		}
	}

}
