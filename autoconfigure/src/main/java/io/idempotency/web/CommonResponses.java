package io.idempotency.web;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import io.idempotency.web.StoredResponse.Ending;
import org.jspecify.annotations.Nullable;

/**
 * What most responses are, with one byte before the body: they have a common status, a
 * common content type or none, and beside the body nothing.
 *
 * <pre>
 * 1  from the highest bit on: 1, place of the status (3 bits), place of the content type
 *    (4 bits), both in their lists
 * -  body: the rest
 * </pre>
 */
final class CommonResponses {

	/**
	 * Part of the format: it may grow at its end, to 16 at most, and never change.
	 */
	private static final List<String> TYPES = List.of("application/json", "application/json;charset=UTF-8",
			"application/problem+json", "application/xml", "text/plain;charset=UTF-8", "text/html;charset=UTF-8",
			"text/plain", "text/html", "");

	/**
	 * Part of the format: it may grow at its end, to seven at most, and never change. An
	 * eighth would make first bytes from F8 on, which mean something where payloads are
	 * packed.
	 */
	private static final int[] STATUSES = { 200, 201, 202, 204 };

	private static final int MARKER = 0x80;

	private CommonResponses() {
	}

	/** The bytes of a response; {@code null} if it is not a common one. */
	static byte @Nullable [] write(StoredResponse response) {
		if (response.ending() != Ending.BODY || !response.headers().isEmpty() || !response.text().isEmpty()) {
			return null;
		}
		int status = placeOfStatus(response.status());
		int type = placeOfType(response.contentType());
		if (status < 0 || type < 0) {
			return null;
		}
		byte[] body = response.body();
		byte[] bytes = new byte[1 + body.length];
		bytes[0] = (byte) (MARKER | status << 4 | type);
		System.arraycopy(body, 0, bytes, 1, body.length);
		return bytes;
	}

	private static int placeOfStatus(int status) {
		for (int i = 0; i < STATUSES.length; i++) {
			if (STATUSES[i] == status) {
				return i;
			}
		}
		return -1;
	}

	/** Negative if the type is not a common one. */
	static int placeOfType(String type) {
		return TYPES.indexOf(type);
	}

	/** Whether bytes are those of a common response. */
	static boolean isCommon(byte[] bytes) {
		return bytes.length > 0 && (bytes[0] & MARKER) != 0;
	}

	/**
	 * Reads a common response.
	 * @throws IOException if the bytes are not what this version writes
	 */
	static StoredResponse read(byte[] bytes) throws IOException {
		int status = bytes[0] >> 4 & 0x07;
		if (status >= STATUSES.length) {
			throw new IOException("The stored response has a status that this version does not know");
		}
		String type = typeAt(bytes[0] & 0x0F);
		return new StoredResponse(Ending.BODY, STATUSES[status], type, List.of(), "",
				Arrays.copyOfRange(bytes, 1, bytes.length));
	}

	static String typeAt(int place) throws IOException {
		if (place >= TYPES.size()) {
			throw new IOException("The stored response has a content type that this version does not know");
		}
		return TYPES.get(place);
	}

}
