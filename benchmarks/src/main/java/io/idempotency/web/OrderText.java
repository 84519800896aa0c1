package io.idempotency.web;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * JSON texts as clients send them: an order with as many lines as make the size that is
 * wanted. Stands in this package beside the benchmark that uses it.
 */
final class OrderText {

	private static final String[] NOTES = { "", "leave it at the neighbour's door", "gift, no invoice in the parcel",
			"Z\\u00fcrich \\\"Altstadt\\\"", "fragile" };

	private OrderText() {
	}

	/**
	 * A text of this many bytes or a few more.
	 * @param size in bytes, at least two hundred
	 */
	static byte[] ofSize(int size) {
		SplittableRandom random = new SplittableRandom(size);
		StringBuilder text = new StringBuilder(size + 256);
		text.append("{\"customer\":\"")
			.append(new UUID(random.nextLong(), random.nextLong()))
			.append("\",\"currency\":\"EUR\",\"express\":true,\"lines\":[");
		line(text, random, 1);
		for (int i = 2; text.length() < size - 2; i++) {
			text.append(',');
			line(text, random, i);
		}
		return text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
	}

	private static void line(StringBuilder text, SplittableRandom random, int position) {
		text.append("{\"position\":")
			.append(position)
			.append(",\"article\":\"")
			.append(Long.toHexString(random.nextLong()))
			.append("\",\"quantity\":")
			.append(random.nextInt(1, 12))
			.append(",\"price\":")
			.append(random.nextInt(100, 99_900) / 100.0)
			.append(",\"note\":\"")
			.append(NOTES[random.nextInt(NOTES.length)])
			.append("\",\"gift\":")
			.append(random.nextBoolean())
			.append(",\"coupon\":null}");
	}

}
