package io.idempotency.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Names of eight characters that have one hash code in the table of Jackson's parser of
 * bytes, whatever its seed: it multiplies the second half by 33 and adds what it makes of
 * the first, and only then takes the seed.
 */
final class CollidingNames {

	private static final int FACTOR = 33;

	private static final int SUM = 0x12345678;

	private CollidingNames() {
	}

	static String[] of(int count) {
		Random random = new Random(1);
		int inverse = inverse();
		return Stream.generate(() -> firstHalf(random))
			.map((first) -> ByteBuffer.allocate(8).putInt(first).putInt((SUM - mixed(first)) * inverse).array())
			.filter(CollidingNames::isPlain)
			.map((name) -> new String(name, StandardCharsets.US_ASCII))
			.distinct()
			.limit(count)
			.toArray(String[]::new);
	}

	private static int firstHalf(Random random) {
		return random.ints(4, '0', 'z').reduce(0, (half, character) -> half << Byte.SIZE | character);
	}

	private static int mixed(int first) {
		int mixed = first + (first >>> 15);
		return mixed ^ (mixed >>> 9);
	}

	/** Of the factor, among the numbers of 32 bits. */
	private static int inverse() {
		int inverse = 1;
		for (int i = 0; i < 5; i++) {
			inverse *= 2 - FACTOR * inverse;
		}
		return inverse;
	}

	private static boolean isPlain(byte[] name) {
		for (byte character : name) {
			if (character < '#' || character > '~' || character == '\\') {
				return false;
			}
		}
		return true;
	}

}
