package io.idempotency.web;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * The characters of a JSON text, in whatever Unicode encoding it came. A parser that is
 * given the bytes replaces some of those that it cannot decode, and two texts would
 * become one.
 */
final class JsonText {

	private static final Charset UTF_32BE = Charset.forName("UTF-32BE");

	private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

	/** Up to here an array of characters costs nothing. */
	private static final int SMALL = 16 * 1024;

	private static final int CHUNK = 4096;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private static final long NO_ASCII_BITS = 0x8080808080808080L;

	private static final char NO_ASCII = '\uFFFD';

	private JsonText() {
	}

	/**
	 * Decodes a text by its byte order mark, or by the zeros around its first character,
	 * which is ASCII in JSON (RFC 4627, section 3).
	 * @return the characters, or {@code null} if some of the bytes encode none
	 */
	static @Nullable CharBuffer decode(byte[] bytes, int length) {
		int first = head(bytes, length);
		if (first == 0x0000FEFF) {
			return decode(bytes, 4, length, UTF_32BE);
		}
		if (first == 0xFFFE0000) {
			return decode(bytes, 4, length, UTF_32LE);
		}
		if (first >>> 16 == 0xFEFF) {
			return decode(bytes, 2, length, StandardCharsets.UTF_16BE);
		}
		if (first >>> 16 == 0xFFFE) {
			return decode(bytes, 2, length, StandardCharsets.UTF_16LE);
		}
		if (first >>> 8 == 0xEFBBBF) {
			return decode(bytes, 3, length, StandardCharsets.UTF_8);
		}
		return decode(bytes, 0, length, unmarked(first, length));
	}

	/**
	 * Whether a text is UTF-8 without a byte order mark, and every byte of it encodes
	 * something: then a parser of bytes reads the same characters.
	 */
	static boolean isUtf8(byte[] bytes, int length) {
		int first = head(bytes, length);
		return first >>> 8 != 0xEFBBBF && unmarked(first, length).equals(StandardCharsets.UTF_8)
				&& (isAscii(bytes, length) || isDecodable(bytes, length));
	}

	private static boolean isAscii(byte[] bytes, int length) {
		long all = 0;
		int i = 0;
		for (; i <= length - Long.BYTES; i += Long.BYTES) {
			all |= (long) LONGS.get(bytes, i);
		}
		for (; i < length; i++) {
			all |= bytes[i];
		}
		return (all & NO_ASCII_BITS) == 0;
	}

	private static boolean isDecodable(byte[] bytes, int length) {
		CharsetDecoder decoder = strict(StandardCharsets.UTF_8);
		ByteBuffer source = ByteBuffer.wrap(bytes, 0, length);
		CharBuffer target = CharBuffer.allocate(CHUNK);
		CoderResult result = decoder.decode(source, target, true);
		while (result.isOverflow()) {
			result = decoder.decode(source, target.clear(), true);
		}
		return !result.isError();
	}

	private static CharsetDecoder strict(Charset charset) {
		return charset.newDecoder()
			.onMalformedInput(CodingErrorAction.REPORT)
			.onUnmappableCharacter(CodingErrorAction.REPORT);
	}

	private static Charset unmarked(int first, int length) {
		if (length >= 4 && (first & 0xFFFFFF00) == 0) {
			return UTF_32BE;
		}
		if (length >= 4 && (first & 0x00FFFFFF) == 0) {
			return UTF_32LE;
		}
		if (length >= 2 && (first & 0xFF000000) == 0) {
			return StandardCharsets.UTF_16BE;
		}
		return (length >= 2 && (first & 0x00FF0000) == 0) ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
	}

	/** The first four bytes; what a shorter text lacks is no zero and no mark. */
	private static int head(byte[] bytes, int length) {
		int head = 0;
		for (int i = 0; i < 4; i++) {
			head = (head << 8) | ((i < length) ? bytes[i] & 0xFF : 0x20);
		}
		return head;
	}

	private static @Nullable CharBuffer decode(byte[] bytes, int offset, int length, Charset charset) {
		if (charset.equals(StandardCharsets.UTF_8)) {
			// the platform is fastest at this, and any other byte becomes this character
			String ascii = new String(bytes, offset, length - offset, StandardCharsets.US_ASCII);
			if (ascii.indexOf(NO_ASCII) < 0) {
				return (ascii.length() <= SMALL) ? CharBuffer.wrap(ascii.toCharArray()) : CharBuffer.wrap(ascii);
			}
		}
		try {
			return strict(charset).decode(ByteBuffer.wrap(bytes, offset, length - offset));
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

}
