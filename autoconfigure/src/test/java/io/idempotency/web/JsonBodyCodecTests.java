package io.idempotency.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Rule 8: equal by meaning, exact, and safe from hostile texts. */
class JsonBodyCodecTests {

	private final JsonBodyCodec codec = new JsonBodyCodec();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0',
			value = { "1|1.0", "1|1e0", "100|1E+2", "0|-0.0", "0|0e99", "0.10|0.1",
					"{\"a\":1,\"b\":2}|{\"b\":2,\"a\":1}", "[1, 2]|[1,2]", "\"\\u0061\"|\"a\"",
					"1e1000000000|10e999999999", "12345678901234567890123|12345678901234567890123.0" })
	void sameMeaning(String left, String right) {
		assertThat(digest(left)).isNotNull().isEqualTo(digest(right));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0',
			value = { "1|2", "1|\"1\"", "1|true", "null|0", "null|\"null\"", "[]|{}", "[1,2]|[2,1]", "[[1],2]|[1,[2]]",
					"[1,[2]]|[1,2]", "{\"a\":null}|{}", "{\"a\":1}|{\"A\":1}", "\"a\"|\"a \"", "\"\\ud800\"|\"?\"",
					"\"\\ud800\"|\"\\ud801\"", "9007199254740993|9007199254740992", "0.1|0.10000000000000000001",
					"18446744073709551616|18446744073709551617", "1e1000000000|1e1000000001",
					"[\"ab\",\"c\"]|[\"a\",\"bc\"]", "{\"a\":{\"b\":1}}|{\"a\":[\"b\",1]}" })
	void anotherMeaning(String left, String right) {
		assertThat(digest(left)).isNotEqualTo(digest(right));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "[1,]", "1 2", "{} x", "NaN",
			"1e99999999999", "'a'", "[1", "tru" })
	void textWithoutOneMeaningIsLeftToItsBytes(String text) {
		assertThat(digest(text)).isNull();
	}

	@Test
	void hostileTextsCostNeitherTimeNorMemory() {
		assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
			assertThat(digest("[".repeat(1_000_000))).isNull();
			assertThat(digest("[".repeat(10_000) + "]".repeat(10_000))).isNull();
			assertThat(digest("9".repeat(1_000_000))).isNull();
			assertThat(digest("0." + "9".repeat(1_000_000))).isNull();
			assertThat(digest("[" + "1e1000000000,".repeat(50_000) + "1e-1000000000]")).isNotNull();
		});
	}

	/** Objects of more than a kilobyte are digested on their own. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 20, 50, 100, 300, 5000 })
	void orderOfMembersDoesNotCountInObjectsOfAnySize(int count) {
		List<String> members = new ArrayList<>(IntStream.range(0, count)
			.mapToObj((i) -> "\"name-\u00e9-%d\":[%d,{\"x\":\"%s\",\"b\":%d}]".formatted(i, i, "y".repeat(i % 300), i))
			.toList());
		Fingerprint first = digest("{\"z\":{" + String.join(",", members) + "},\"a\":1}");
		Collections.shuffle(members, new Random(count));
		assertThat(digest("{\"a\":1,\"z\":{" + String.join(",", members) + "}}")).isNotNull().isEqualTo(first);
		String changed = members.set(count / 2, members.get(count / 2).replace("\"b\":", "\"c\":"));
		assertThat(digest("{\"a\":1,\"z\":{" + String.join(",", members) + "}}")).isNotNull().isNotEqualTo(first);
		members.set(count / 2, changed);
		members.add(changed);
		assertThat(digest("{\"a\":1,\"z\":{" + String.join(",", members) + "}}")).isNull();
	}

	@Test
	void namesAreOrderedByTheirUnitsWhateverTheirLength() {
		String longName = "n".repeat(300);
		assertThat(digest("{\"" + longName + "\":1,\"" + longName + "a\":2,\"n\":3,\"\":4,\"\u00e9\":5,\"\uffff\":6}"))
			.isNotNull()
			.isEqualTo(digest(
					"{\"\uffff\":6,\"\":4,\"n\":3,\"\u00e9\":5,\"" + longName + "a\":2,\"" + longName + "\":1}"));
	}

	/** Each level has to be put in order, with all that is inside of it. */
	@Test
	void deepObjectsOutOfOrderCostNoMoreThanTheyAreLong() {
		String deep = "{\"b\":".repeat(490) + "\"" + "x".repeat(1_000_000) + "\"" + ",\"a\":1}".repeat(490);
		String many = "["
				+ String.join(",", Collections.nCopies(500, "{\"b\":".repeat(150) + "1" + ",\"a\":1}".repeat(150)))
				+ "]";
		assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
			for (int i = 0; i < 10; i++) {
				assertThat(digest(deep)).isNotNull();
				assertThat(digest(many)).isNotNull();
			}
		});
	}

	/** What is in stores out there must stay comparable: these values never change. */
	@Test
	void digestsAreFrozen() {
		assertThat(digest("{\"amount\":25.00,\"to\":[\"b\u00f6b\",null,true]}"))
			.isEqualTo(digest("{\"to\":[\"b\u00f6b\",null,true],\"amount\":25}"));
		assertThat(HexFormat.of().formatHex(digest("{\"amount\":25.00,\"to\":[\"b\u00f6b\",null,true]}").toBytes()))
			.isEqualTo("5f473d6cd0cac78d50dccba628897250");
		// an object of more than a kilobyte
		assertThat(HexFormat.of().formatHex(digest("{\"a\":\"" + "x".repeat(2000) + "\"}").toBytes()))
			.isEqualTo("00792c088ba41fa47639bda673ae8800");
	}

	private Fingerprint digest(String json) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		DigestBuilder digest = new DigestBuilder();
		return this.codec.digest(bytes, bytes.length, digest) ? digest.build() : null;
	}

}
