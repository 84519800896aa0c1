package io.idempotency.benchmarks.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads responses and refuses every one that is not as expected: status 200, the body of
 * {@link Payload}, and the header of a replay if and only if it has to be there.
 */
final class ResponseReader {

	private static final byte[] STATUS = ascii("HTTP/1.1 200");

	private static final byte[] BODY = ascii(Payload.RESPONSE);

	private static final byte[] LENGTH = ascii("content-length:");

	private static final byte[] CHUNKED = ascii("transfer-encoding:");

	private static final byte[] REPLAYED = ascii("idempotent-replayed:");

	private final byte[] bytes = new byte[8192];

	private final ByteBuffer buffer = ByteBuffer.wrap(this.bytes);

	private final boolean marked;

	ResponseReader(boolean marked) {
		this.marked = marked;
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	ByteBuffer buffer() {
		return this.buffer;
	}

	/** If so, the next call begins with the next response. */
	boolean isComplete() {
		int end = this.buffer.position();
		int length = -1;
		boolean chunked = false;
		boolean replayed = false;
		int line = 0;
		int next = lineEnd(line, end);
		while (next > line + 2) {
			if (startsWith(line, LENGTH)) {
				length = number(line + LENGTH.length, next, 10);
			}
			chunked |= startsWith(line, CHUNKED);
			replayed |= startsWith(line, REPLAYED);
			line = next;
			next = lineEnd(line, end);
		}
		if (next < 0) {
			return false;
		}
		require(Arrays.equals(this.bytes, 0, STATUS.length, STATUS, 0, STATUS.length), "status");
		require(replayed == this.marked, "replay header");
		if (chunked) {
			line = next;
			next = lineEnd(line, end);
			if (next < 0) {
				return false;
			}
			length = number(line, next, 16);
		}
		int total = next + length + (chunked ? 7 : 0);
		if (end < total) {
			return false;
		}
		require(end == total && Arrays.equals(this.bytes, next, next + length, BODY, 0, BODY.length), "body");
		this.buffer.clear();
		return true;
	}

	/** Where the line ends, its end included; negative if it has not arrived. */
	private int lineEnd(int start, int end) {
		for (int i = start; i < end; i++) {
			if (this.bytes[i] == '\n') {
				return i + 1;
			}
		}
		return -1;
	}

	private boolean startsWith(int start, byte[] name) {
		for (int i = 0; i < name.length; i++) {
			int character = this.bytes[start + i];
			if (((character >= 'A' && character <= 'Z') ? character + 32 : character) != name[i]) {
				return false;
			}
		}
		return true;
	}

	private int number(int start, int end, int radix) {
		int number = 0;
		for (int i = start; i < end; i++) {
			int digit = Character.digit(this.bytes[i], radix);
			number = (digit >= 0) ? number * radix + digit : number;
		}
		return number;
	}

	private void require(boolean condition, String what) {
		if (!condition) {
			throw new IllegalStateException("Unexpected " + what + " of a response:\n"
					+ new String(this.bytes, 0, this.buffer.position(), StandardCharsets.ISO_8859_1));
		}
	}

}
