package io.idempotency.web;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import io.idempotency.testsupport.Allocation;
import io.idempotency.testsupport.JsonTexts;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Rule 8 for generated texts: equal by meaning if and only if equal by digest. */
class JsonMeaningPropertyTests {

	private static final int MEGABYTE = 1 << 20;

	private final JsonBodyCodec codec = new JsonBodyCodec();

	@Property(tries = 2000)
	void textsOfOneMeaningHaveOneDigest(@ForAll long seed) {
		JsonTexts style = new JsonTexts(seed);
		Object value = style.value();
		assertThat(digest(style.write(value))).isNotNull().isEqualTo(digest(style.write(value)));
	}

	@Property(tries = 2000)
	void oneChangeIsAnotherDigest(@ForAll long seed) {
		JsonTexts style = new JsonTexts(seed);
		Object value = style.value();
		assertThat(digest(style.write(style.mutate(value)))).isNotNull().isNotEqualTo(digest(style.write(value)));
	}

	@Property(tries = 500)
	void encodingDoesNotMatter(@ForAll long seed) {
		JsonTexts style = new JsonTexts(seed);
		String text = style.write(style.value());
		for (String charset : new String[] { "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE" }) {
			assertThat(digest(text.getBytes(Charset.forName(charset)))).as(charset).isEqualTo(digest(text));
			assertThat(digest(("\uFEFF" + text).getBytes(Charset.forName(charset)))).isEqualTo(digest(text));
		}
		assertThat(digest("\uFEFF" + text)).isEqualTo(digest(text));
	}

	/** Large texts of UTF-8 are read by another parser. */
	@Property(tries = 2000)
	void sizeOfATextDoesNotMatter(@ForAll long seed, @ForAll byte noise) {
		JsonTexts style = new JsonTexts(seed);
		byte[] text = style.write(List.of(style.value())).getBytes(StandardCharsets.UTF_8);
		assertThat(digest(large(text))).isNotNull().isEqualTo(digest(text));
		text[(int) Math.floorMod(seed, (long) text.length)] = noise;
		if (text[0] != 0 && text[1] != 0) {
			assertThat(digest(large(text))).isEqualTo(digest(text));
		}
	}

	private static byte[] large(byte[] text) {
		byte[] large = Arrays.copyOf(text, text.length + 16 * 1024);
		Arrays.fill(large, text.length, large.length, (byte) ' ');
		return large;
	}

	@Example
	void manyNamesAreReadByTheirBytesAsByTheirCharacters() {
		String[] names = { "%d", "id-%08d", "%016x", "Z\u00fcrich %d", "\u8a9e%d", "%d\ud83d\ude00", "\\u0000%d",
				"\\ud83d\\ude00%d", "%d\\ud800", "\\ude00\\ud83d%d", "\\\"%d" };
		for (String name : names) {
			StringBuilder text = new StringBuilder("{");
			for (int i = 0; i < 50_000; i++) {
				text.append((i > 0) ? "," : "").append('"').append(name.formatted(i)).append("\":0");
			}
			String object = text.append('}').toString();
			assertThat(digest(object)).as(name)
				.isNotNull()
				.isEqualTo(digest(object.getBytes(StandardCharsets.UTF_16LE)));
		}
	}

	@Example
	void largeTextIsNotCopiedIntoCharacters() {
		byte[] text = fill("[", "\"" + "text".repeat(20) + "\"", "]").getBytes(StandardCharsets.UTF_8);
		digest(text);
		assertThat(Allocation.of(() -> digest(text))).isLessThan(text.length * 3 / 2);
	}

	/** What is read by the characters is what the platform reads, in its normal form. */
	@Property(tries = 2000)
	void numbersAreReadExactly(@ForAll("numbers") String text) {
		BigDecimal expected = new BigDecimal(text);
		assertThat(JsonNumber.read(text.toCharArray(), 0, text.length()))
			.isEqualTo((expected.signum() == 0) ? BigDecimal.ZERO : expected.stripTrailingZeros());
	}

	@Provide
	Arbitrary<String> numbers() {
		Arbitrary<String> digits = Arbitraries.strings().withChars("0000123456789").ofMinLength(1).ofMaxLength(30);
		Arbitrary<String> exponents = Arbitraries.integers()
			.between(-2_000_000_000, 2_000_000_000)
			.map((exponent) -> ((exponent % 3 == 0) ? "e" : "E") + exponent);
		return Arbitraries.of("", "-")
			.flatMap((sign) -> digits.map((whole) -> sign + "1" + whole))
			.flatMap((whole) -> Arbitraries.oneOf(Arbitraries.just(""), digits.map((fraction) -> "." + fraction))
				.map((fraction) -> whole + fraction))
			.flatMap((number) -> Arbitraries.oneOf(Arbitraries.just(""), exponents)
				.map((exponent) -> number + exponent));
	}

	/** Whatever the bytes, they have a meaning or none, and never break the reader. */
	@Property(tries = 3000, shrinking = ShrinkingMode.BOUNDED)
	void brokenBytesAreLeftToTheBytes(@ForAll long seed, @ForAll byte noise, @ForAll byte[] garbage) {
		JsonTexts style = new JsonTexts(seed);
		byte[] text = style.write(style.value()).getBytes(StandardCharsets.UTF_8);
		text[(int) Math.floorMod(seed, (long) text.length)] = noise;
		digest(text);
		digest(Arrays.copyOf(text, text.length - 1));
		digest(garbage);
	}

	@Example
	void hostileTextsTakeBoundedTimeAndMemory() {
		String[] hostile = { "[".repeat(MEGABYTE), "[".repeat(10_000) + "]".repeat(10_000), "{\"a\":".repeat(10_000),
				fill("[", "1e1000000000", "]"), fill("[", "1e-1000000000", "]"), fill("[", "0", "]"),
				fill("[", "[]", "]"), fill("[", "{}", "]"), fill("[", "[0]", "]"), fill("[", "{\"\":0}", "]"),
				fill("[", "\"\"", "]"), fill("[", "1" + "0".repeat(998), "]"), fill("[", "9".repeat(1000), "]"),
				fill("[", "0." + "0".repeat(990) + "1", "]"), "9".repeat(MEGABYTE), "1e" + "9".repeat(MEGABYTE),
				"\"" + "x".repeat(MEGABYTE) + "\"", "\"" + "\\u0000".repeat(MEGABYTE / 6) + "\"",
				"{\"" + "n".repeat(MEGABYTE) + "\":1}", members(false), members(true), longMembers(2500),
				longMembers(500), longMembers(250), "{\"a\":1,\"a\":" + "[".repeat(400) + "]".repeat(400) + "}",
				" ".repeat(MEGABYTE) };
		for (String text : hostile) {
			String start = text.substring(0, 12);
			byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
			long allocated = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> Allocation.of(() -> digest(bytes)),
					start);
			assertThat(allocated).as(start).isLessThan(40L * MEGABYTE);
		}
	}

	/** As many elements as fit into a megabyte. */
	private static String fill(String start, String element, String end) {
		int count = MEGABYTE / (element.length() + 1);
		return start + (element + ",").repeat(count - 1) + element + end;
	}

	/** Many names, all different, with one hash code if so wanted. */
	private static String members(boolean colliding) {
		StringBuilder text = new StringBuilder("{");
		for (int i = 0; i < 16_384; i++) {
			text.append((i > 0) ? "," : "").append('"');
			for (int bit = 0; bit < 14; bit++) {
				boolean set = (i >> bit & 1) == 1;
				text.append(colliding ? (set ? "Aa" : "BB") : (set ? "xy" : "zx"));
			}
			text.append("\":0");
		}
		return text.append('}').toString();
	}

	/** Names that differ at their end only, as many as fit into a megabyte. */
	private static String longMembers(int length) {
		String start = "n".repeat(length - 4);
		return IntStream.range(0, MEGABYTE / (length + 5))
			.mapToObj((i) -> "\"%s%04d\":0".formatted(start, i))
			.collect(Collectors.joining(",", "{", "}"));
	}

	@Example
	void namesThatCollideInTheTableOfTheParserTakeBoundedTime() {
		String[] colliding = CollidingNames.of(8100);
		String text = "[{"
				+ IntStream.range(0, 16_000).mapToObj((i) -> "\"%03x\":0".formatted(i)).collect(Collectors.joining(","))
				+ "},{" + Stream.of(colliding).map("\"%s\":0"::formatted).collect(Collectors.joining(","))
				+ ("},{\"" + colliding[colliding.length - 1] + "\":0").repeat(100_000) + "}]";
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		Fingerprint meaning = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> digest(bytes));
		assertThat(meaning).isNotNull().isEqualTo(digest(text.getBytes(StandardCharsets.UTF_16LE)));
	}

	private Fingerprint digest(String json) {
		return digest(json.getBytes(StandardCharsets.UTF_8));
	}

	private Fingerprint digest(byte[] bytes) {
		DigestBuilder digest = new DigestBuilder();
		return this.codec.digest(bytes, bytes.length, digest) ? digest.build() : null;
	}

}
