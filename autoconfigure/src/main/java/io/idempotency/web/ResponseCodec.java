package io.idempotency.web;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.idempotency.StoredResult;
import io.idempotency.web.StoredResponse.Ending;
import io.idempotency.web.StoredResponse.Header;

/**
 * Responses as bytes, as few as will do, since each waits in a store for a day. Most are
 * {@link CommonResponses}, whose first byte is 80 or more. All others:
 *
 * <pre>
 * 1  version, 1
 * 1  ending
 * 2  status, big-endian
 * -  content type: FF and the place of a common one in the list, or a text
 * -  number of headers, and for each one 1 or 0, whether it replaces, its name, its value
 * -  text of the ending
 * -  body: the rest
 * </pre>
 *
 * Texts are in UTF-8 after their length. Lengths and numbers below 254 take one byte,
 * others three: FE and two bytes, big-endian.
 */
final class ResponseCodec {

	private static final byte VERSION = 1;

	private static final int COMMON = 0xFF;

	private static final int WIDE = 0xFE;

	private static final int WIDEST = 0xFFFF;

	private static final int FIXED_LENGTH = 4;

	private ResponseCodec() {
	}

	/**
	 * Writes a response, or only that there was one if a header is too long to be kept.
	 */
	static StoredResult write(StoredResponse response) {
		byte[] common = CommonResponses.write(response);
		return (common != null) ? StoredResult.of(common) : writeLong(response);
	}

	private static StoredResult writeLong(StoredResponse response) {
		// no type is shorter as a text
		int type = response.contentType().isEmpty() ? -1 : CommonResponses.placeOfType(response.contentType());
		List<byte[]> texts = new ArrayList<>(2 + 2 * response.headers().size());
		if (type < 0) {
			texts.add(utf8(response.contentType()));
		}
		for (Header header : response.headers()) {
			texts.add(utf8(header.name()));
			texts.add(utf8(header.value()));
		}
		texts.add(utf8(response.text()));
		int length = FIXED_LENGTH + response.body().length + ((type < 0) ? 0 : 2) + response.headers().size()
				+ sizeOf(response.headers().size());
		for (byte[] text : texts) {
			if (Math.max(text.length, response.headers().size()) > WIDEST) {
				return StoredResult.notKept();
			}
			length += sizeOf(text.length) + text.length;
		}
		ByteBuffer bytes = ByteBuffer.allocate(length);
		bytes.put(VERSION).put(response.ending().code()).putShort((short) response.status());
		int next = 0;
		if (type < 0) {
			put(texts.get(next++), bytes);
		}
		else {
			bytes.put((byte) COMMON).put((byte) type);
		}
		put(response.headers().size(), bytes);
		for (Header header : response.headers()) {
			bytes.put((byte) (header.replaces() ? 1 : 0));
			put(texts.get(next++), bytes);
			put(texts.get(next++), bytes);
		}
		put(texts.get(next), bytes);
		return StoredResult.of(bytes.put(response.body()).array());
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static int sizeOf(int number) {
		return (number < WIDE) ? 1 : 3;
	}

	private static void put(byte[] text, ByteBuffer bytes) {
		put(text.length, bytes);
		bytes.put(text);
	}

	private static void put(int number, ByteBuffer bytes) {
		if (number < WIDE) {
			bytes.put((byte) number);
		}
		else {
			bytes.put((byte) WIDE).putShort((short) number);
		}
	}

	/**
	 * Reads a response.
	 * @throws IOException if the bytes are not what this version writes
	 */
	static StoredResponse read(StoredResult result) throws IOException {
		byte[] payload = result.payload();
		if (CommonResponses.isCommon(payload)) {
			return CommonResponses.read(payload);
		}
		try {
			return read(ByteBuffer.wrap(payload));
		}
		catch (BufferUnderflowException ex) {
			throw new IOException("The stored response ends early", ex);
		}
	}

	private static StoredResponse read(ByteBuffer bytes) throws IOException {
		if (bytes.get() != VERSION) {
			throw new IOException("The stored response has a format that this version does not know");
		}
		Ending ending = Ending.ofCode(bytes.get());
		if (ending == null) {
			throw new IOException("The stored response has an ending that this version does not know");
		}
		int status = Short.toUnsignedInt(bytes.getShort());
		String contentType = readType(bytes);
		int count = readNumber(bytes);
		List<Header> headers = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			boolean replaces = bytes.get() != 0;
			headers.add(new Header(readText(bytes), readText(bytes), replaces));
		}
		String text = readText(bytes);
		byte[] body = new byte[bytes.remaining()];
		bytes.get(body);
		return new StoredResponse(ending, status, contentType, headers, text, body);
	}

	private static String readType(ByteBuffer bytes) throws IOException {
		if (Byte.toUnsignedInt(bytes.get(bytes.position())) != COMMON) {
			return readText(bytes);
		}
		bytes.get();
		return CommonResponses.typeAt(Byte.toUnsignedInt(bytes.get()));
	}

	private static String readText(ByteBuffer bytes) {
		int length = readNumber(bytes);
		if (length > bytes.remaining()) {
			throw new BufferUnderflowException();
		}
		String text = new String(bytes.array(), bytes.arrayOffset() + bytes.position(), length, StandardCharsets.UTF_8);
		bytes.position(bytes.position() + length);
		return text;
	}

	private static int readNumber(ByteBuffer bytes) {
		int number = Byte.toUnsignedInt(bytes.get());
		return (number == WIDE) ? Short.toUnsignedInt(bytes.getShort()) : number;
	}

}
