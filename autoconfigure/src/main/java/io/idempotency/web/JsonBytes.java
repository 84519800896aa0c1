package io.idempotency.web;

import java.util.Arrays;

import io.idempotency.DigestBuilder;

/** The bytes of {@link JsonMeaning} as they are written, one scalar after another. */
abstract class JsonBytes {

	/** Says that a length takes four more bytes. */
	static final int LONG_LENGTH = 0xFF;

	byte[] bytes;

	int size;

	JsonBytes(int expectedSize) {
		this.bytes = new byte[Math.max(128, expectedSize)];
	}

	void addTo(DigestBuilder digest) {
		digest.bytes(this.bytes, this.size);
	}

	void mark(char mark) {
		reserve(1);
		this.bytes[this.size++] = (byte) mark;
	}

	void text(char[] text, int offset, int length) {
		mark('s');
		length(length);
		reserve(length);
		for (int i = 0; i < length; i++) {
			char c = text[offset + i];
			if (c >= 0x80) {
				this.size -= (length < LONG_LENGTH) ? 2 : 2 + Integer.BYTES;
				wideText(text, offset, length);
				return;
			}
			this.bytes[this.size + i] = (byte) c;
		}
		this.size += length;
	}

	void text(String text) {
		int length = text.length();
		mark('s');
		length(length);
		reserve(length);
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				this.size -= (length < LONG_LENGTH) ? 2 : 2 + Integer.BYTES;
				wideText(text.toCharArray(), 0, length);
				return;
			}
			this.bytes[this.size + i] = (byte) c;
		}
		this.size += length;
	}

	private void wideText(char[] text, int offset, int length) {
		int more = 0;
		for (int i = offset; i < offset + length; i++) {
			more += (text[i] < 0x80) ? 0 : 2;
		}
		mark('s');
		length(length + more);
		reserve(length + more);
		for (int i = offset; i < offset + length; i++) {
			unit(text[i]);
		}
	}

	private void unit(char c) {
		if (c < 0x80) {
			this.bytes[this.size++] = (byte) c;
		}
		else {
			this.bytes[this.size++] = (byte) (0x80 | (c >>> 12));
			this.bytes[this.size++] = (byte) (0x80 | ((c >>> 6) & 0x3F));
			this.bytes[this.size++] = (byte) (0x80 | (c & 0x3F));
		}
	}

	void number(byte[] digits, int scale) {
		mark('n');
		length(digits.length);
		reserve(digits.length + Integer.BYTES);
		System.arraycopy(digits, 0, this.bytes, this.size, digits.length);
		this.size += digits.length;
		integer(scale);
	}

	/** The same bytes as above for digits that fit into a {@code long}. */
	void number(long unscaled, int scale) {
		mark('n');
		int length = Long.BYTES;
		while (length > 1 && (unscaled << (Long.SIZE - Byte.SIZE * (length - 1))) >> (Long.SIZE
				- Byte.SIZE * (length - 1)) == unscaled) {
			length--;
		}
		length(length);
		reserve(length + Integer.BYTES);
		for (int i = length - 1; i >= 0; i--) {
			this.bytes[this.size++] = (byte) (unscaled >> (Byte.SIZE * i));
		}
		integer(scale);
	}

	private void length(int length) {
		reserve(1 + Integer.BYTES);
		if (length < LONG_LENGTH) {
			this.bytes[this.size++] = (byte) length;
		}
		else {
			this.bytes[this.size++] = (byte) LONG_LENGTH;
			integer(length);
		}
	}

	private void integer(int number) {
		for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
			this.bytes[this.size++] = (byte) (number >> shift);
		}
	}

	final void reserve(long more) {
		long needed = this.size + more;
		if (needed > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes,
					(int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * this.bytes.length)));
		}
	}

}
