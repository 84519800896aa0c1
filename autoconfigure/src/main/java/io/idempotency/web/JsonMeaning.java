package io.idempotency.web;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

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
final class JsonMeaning extends JsonBytes {

	private static final int LONGEST_OBJECT = 1024;

	private static final int FEW_MEMBERS = 32;

	/** Where the members of all objects that have not ended begin. */
	private int[] members = new int[16];

	private int memberCount;

	JsonMeaning(int expectedSize) {
		super(expectedSize);
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
		int[] order = (count <= FEW_MEMBERS) ? inserted(first, count) : sorted(first, count);
		int start = this.members[first];
		byte[] ordered = new byte[this.size - start];
		int length = 0;
		for (int i = 0; i < count; i++) {
			int member = order[i];
			if (i > 0 && compareNames(this.members[order[i - 1]], this.members[member]) == 0) {
				return false;
			}
			int end = (member + 1 < this.memberCount) ? this.members[member + 1] : this.size;
			System.arraycopy(this.bytes, this.members[member], ordered, length, end - this.members[member]);
			length += end - this.members[member];
		}
		System.arraycopy(ordered, 0, this.bytes, start, length);
		return true;
	}

	/** Sorts a few members, without an object for each. */
	private int[] inserted(int first, int count) {
		int[] order = new int[count];
		for (int i = 0; i < count; i++) {
			int place = i;
			for (; place > 0 && compareNames(this.members[order[place - 1]], this.members[first + i]) > 0; place--) {
				order[place] = order[place - 1];
			}
			order[place] = first + i;
		}
		return order;
	}

	private int[] sorted(int first, int count) {
		return IntStream.range(first, first + count)
			.boxed()
			.sorted((left, right) -> compareNames(this.members[left], this.members[right]))
			.mapToInt(Integer::intValue)
			.toArray();
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

}
