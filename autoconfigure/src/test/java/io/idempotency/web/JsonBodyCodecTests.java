package io.idempotency.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;

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

	/** What is in stores out there must stay comparable: these values never change. */
	@Test
	void digestsAreFrozen() {
		assertThat(digest("{\"amount\":25.00,\"to\":[\"b\u00f6b\",null,true]}"))
			.isEqualTo(digest("{\"to\":[\"b\u00f6b\",null,true],\"amount\":25}"));
		assertThat(HexFormat.of().formatHex(digest("{\"amount\":25.00,\"to\":[\"b\u00f6b\",null,true]}").toBytes()))
			.isEqualTo("e6bf45d32b023ccc6eb31a0c21b70232");
	}

	private Fingerprint digest(String json) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		DigestBuilder digest = new DigestBuilder();
		return this.codec.digest(bytes, bytes.length, digest) ? digest.build() : null;
	}

}
