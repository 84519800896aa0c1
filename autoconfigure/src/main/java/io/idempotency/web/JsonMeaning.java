package io.idempotency.web;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

	private static final byte[] NOTHING = {};

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	/** Where the members of all objects that have not ended begin. */
	private int[] members = new int[16];

	/** How their names begin, which mostly tells which comes first. */
	private long[] starts = new long[16];

	private int memberCount;

	/** Where members are put in order. */
	private byte[] arranged = NOTHING;

	JsonMeaning(int expectedSize) {
		super(expectedSize);
	}

	/** What to tell {@link #endObject} where this object ends. */
	int beginObject() {
		mark('{');
		return this.memberCount;
	}

	void member(String name) {
		if (this.memberCount == this.members.length) {
			this.members = Arrays.copyOf(this.members, 2 * this.memberCount);
			this.starts = Arrays.copyOf(this.starts, 2 * this.memberCount);
		}
		int member = this.size;
		text(name);
		this.members[this.memberCount] = member;
		this.starts[this.memberCount++] = start(nameStart(member), this.size);
	}

	/** The first eight bytes of a name, filled up with zeros. */
	private long start(int from, int to) {
		reserve(Long.BYTES);
		long start = (long) LONGS.get(this.bytes, from);
		int missing = Long.BYTES - (to - from);
		return (missing <= 0) ? start : (missing == Long.BYTES) ? 0 : start & (-1L << (Byte.SIZE * missing));
	}

	/**
	 * Puts the members in order.
	 * @return whether each name was given only once
	 */
	boolean endObject(int first) {
		int count = this.memberCount - first;
		boolean unique = (count <= FEW_MEMBERS) ? orderFew(first, count) : orderMany(first, count);
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

	/**
	 * Sorts a few members, without an object for each.
	 * @return whether no two names are equal
	 */
	private boolean orderFew(int first, int count) {
		int[] order = new int[count];
		for (int i = 0; i < count; i++) {
			int place = i;
			while (place > 0) {
				int difference = compare(order[place - 1], first + i);
				if (difference == 0) {
					return false;
				}
				if (difference < 0) {
					break;
				}
				order[place] = order[place - 1];
				place--;
			}
			order[place] = first + i;
		}
		arrange(first, order);
		return true;
	}

	private boolean orderMany(int first, int count) {
		int[] order = IntStream.range(first, first + count)
			.boxed()
			.sorted(this::compare)
			.mapToInt(Integer::intValue)
			.toArray();
		for (int i = 1; i < count; i++) {
			if (compare(order[i - 1], order[i]) == 0) {
				return false;
			}
		}
		arrange(first, order);
		return true;
	}

	/** Puts members into an order. Those at either end that have their place keep it. */
	private void arrange(int first, int[] order) {
		int from = 0;
		while (from < order.length && order[from] == first + from) {
			from++;
		}
		if (from == order.length) {
			return;
		}
		int to = order.length;
		while (order[to - 1] == first + to - 1) {
			to--;
		}
		int start = this.members[first + from];
		int needed = end(first + to - 1) - start;
		if (this.arranged.length < needed) {
			this.arranged = new byte[Math.max(needed, 2 * this.arranged.length)];
		}
		int length = 0;
		for (int i = from; i < to; i++) {
			int member = this.members[order[i]];
			int memberLength = end(order[i]) - member;
			System.arraycopy(this.bytes, member, this.arranged, length, memberLength);
			length += memberLength;
		}
		System.arraycopy(this.arranged, 0, this.bytes, start, length);
	}

	private int end(int member) {
		return (member + 1 < this.memberCount) ? this.members[member + 1] : this.size;
	}

	private int compare(int left, int right) {
		int difference = Long.compareUnsigned(this.starts[left], this.starts[right]);
		return (difference != 0) ? difference : compareNames(this.members[left], this.members[right]);
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
