package io.idempotency.web;

import java.nio.ByteBuffer;
import java.util.Arrays;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;

/**
 * The meaning of a JSON text as bytes: equal texts make equal bytes, others do not. Is
 * written from the first token to the last; an object puts its members in order when it
 * ends.
 *
 * <pre>
 * 0 t f                  null, true, false
 * s length units         a string or a name: its UTF-16 units, of one or three bytes each
 * n length digits scale  a number: unscaled value, and four bytes
 * [ values ]             an array
 * { names and values }   an object, by names in the order of their units
 * # fingerprint          an object that takes more than {@value #LONGEST_OBJECT} bytes
 * </pre>
 *
 * A length is one byte, or FF and four. Long objects are digested, as otherwise a text
 * could have all that is inside of it put in order again and again.
 */
final class JsonMeaning {

	private static final int LONGEST_OBJECT = 1024;

	private static final int LONG_LENGTH = 0xFF;

	private byte[] bytes;

	private int size;

	/** Where the members of all objects that have not ended begin. */
	private int[] members = new int[16];

	private int memberCount;

	JsonMeaning(int expectedSize) {
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

	/** What to tell {@link #endObject} where this object ends. */
	int beginObject() {
		mark('{');
		return this.memberCount;
	}

	void member(char[] name, int offset, int length) {
		if (this.memberCount == this.members.length) {
			this.members = Arrays.copyOf(this.members, 2 * this.memberCount);
		}
		this.members[this.memberCount++] = this.size;
		text(name, offset, length);
	}

	/**
	 * Puts the members in order.
	 * @return whether each name was given only once
	 */
	boolean endObject(int first) {
		int count = this.memberCount - first;
		boolean ordered = true;
		for (int i = first + 1; ordered && i < this.memberCount; i++) {
			ordered = compareNames(this.members[i - 1], this.members[i]) < 0;
		}
		boolean unique = ordered || order(first, count);
		int start = (count > 0) ? this.members[first] : this.size;
		this.memberCount = first;
		if (this.size - start > LONGEST_OBJECT) {
			digest(start);
		}
		else {
			mark('}');
		}
		return unique;
	}

	private void digest(int start) {
		Fingerprint content = new DigestBuilder().bytes(this.bytes, start, this.size - start).build();
		this.bytes[start - 1] = '#';
		System.arraycopy(content.toBytes(), 0, this.bytes, start, Fingerprint.LENGTH);
		this.size = start + Fingerprint.LENGTH;
	}

	private boolean order(int first, int count) {
		Integer[] order = new Integer[count];
		for (int i = 0; i < count; i++) {
			order[i] = i;
		}
		Arrays.sort(order, (a, b) -> compareNames(this.members[first + a], this.members[first + b]));
		int start = this.members[first];
		byte[] ordered = new byte[this.size - start];
		int length = 0;
		for (int i = 0; i < count; i++) {
			int member = first + order[i];
			if (i > 0 && compareNames(this.members[first + order[i - 1]], this.members[member]) == 0) {
				return false;
			}
			int end = (member + 1 < this.memberCount) ? this.members[member + 1] : this.size;
			System.arraycopy(this.bytes, this.members[member], ordered, length, end - this.members[member]);
			length += end - this.members[member];
		}
		System.arraycopy(ordered, 0, this.bytes, start, length);
		return true;
	}

	private int compareNames(int left, int right) {
		return Arrays.compareUnsigned(this.bytes, nameStart(left), nameEnd(left), this.bytes, nameStart(right),
				nameEnd(right));
	}

	private int nameStart(int member) {
		return member + (isLong(member) ? 2 + Integer.BYTES : 2);
	}

	private int nameEnd(int member) {
		int length = isLong(member) ? ByteBuffer.wrap(this.bytes).getInt(member + 2) : this.bytes[member + 1] & 0xFF;
		return nameStart(member) + length;
	}

	private boolean isLong(int member) {
		return (this.bytes[member + 1] & 0xFF) == LONG_LENGTH;
	}

	private void reserve(long more) {
		long needed = this.size + more;
		if (needed > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes,
					(int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * this.bytes.length)));
		}
	}

}
