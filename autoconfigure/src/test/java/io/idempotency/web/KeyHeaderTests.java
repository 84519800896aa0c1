package io.idempotency.web;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.idempotency.KeyMalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Rule 2, the grammar, down to characters that no well-behaved client sends. */
class KeyHeaderTests {

	private static final HttpSettings SETTINGS = new HttpSettings("Idempotency-Key", "Idempotent-Replayed", 8, 1024,
			1024, null, Duration.ofSeconds(1), false, null, Set.of(), StatusPolicy.unstored(List.of()));

	private static final HttpSettings STRICT = new HttpSettings("Idempotency-Key", "Idempotent-Replayed", 8, 1024, 1024,
			null, Duration.ofSeconds(1), true, null, Set.of(), StatusPolicy.unstored(List.of()));

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0',
			value = { "abc|abc", "\"abc\"|abc", "  abc  |abc", "\"a\\\"b\"|a\"b", "\"a\\\\b\"|a\\b", "a\"b|a\"b",
					"abc;p=1|abc", "\"abc\"; p=1;q|abc", "\"abc\";p=\"x;\\\"y\"|abc", "abc;*p=1|abc", "\"abc\";p|abc",
					"a,b|a,b", "12345678|12345678", "\"12345678\"|12345678" })
	void keysInEveryForm(String value, String key) {
		assertThat(read(value)).isEqualTo(key);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\"", "\"\"", "\"a", "a b", "\"a b\"", "\"a\\", "\"a\\c\"", "\"a\"b", "\"a\" b",
			"a;", "a;1", "a;p", "a;item-1", "a;p=1;q", "a;P", ";p", "\u00e9", "\"\u00e9\"", "\u0000", "a\u0007b",
			"a;p=\"\\", "a;p\"\\", "\"a\";p=\"\\", "\"a\";p=\"x", "a;p=\"x;q=1", "\u007f", "a\tb", "123456789",
			"\"123456789\"", "a; ", "\u20ac" })
	void everythingElseIsMalformed(String value) {
		assertThatExceptionOfType(KeyMalformedException.class).isThrownBy(() -> read(value))
			.satisfies((ex) -> assertThat(ex.getMessage()).isASCII().doesNotContain("123456789"));
	}

	@Test
	void absentHeaderIsNoKey() {
		assertThat(KeyHeader.read(new MockHttpServletRequest(), SETTINGS, "op")).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0',
			value = { "\"abc\"|abc", "  \"abc\"  |abc", "\"a\\\"b\"|a\"b", "\"abc\"; p=1;q|abc" })
	void rule2StrictTakesTheString(String value, String key) {
		assertThat(read(value, STRICT)).isEqualTo(key);
	}

	@ParameterizedTest
	@ValueSource(strings = { "abc", "a\"b", "'abc'", ":YWJj:", "1", "?1", "abc;p=1", "(\"abc\")" })
	void rule2StrictSaysThatAKeyHasToBeQuoted(String value) {
		assertThatExceptionOfType(KeyMalformedException.class).isThrownBy(() -> read(value, STRICT))
			.withMessageContaining("has to be quoted");
	}

	private static String read(String value) {
		return read(value, SETTINGS);
	}

	private static String read(String value, HttpSettings settings) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.addHeader("Idempotency-Key", value);
		return KeyHeader.read(request, settings, "op");
	}

}
