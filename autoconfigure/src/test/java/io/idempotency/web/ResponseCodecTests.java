package io.idempotency.web;

import java.io.IOException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

import io.idempotency.StoredResult;
import io.idempotency.web.StoredResponse.Ending;
import io.idempotency.web.StoredResponse.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The bytes of responses that are in stores out there: today's are frozen here. */
class ResponseCodecTests {

	private static final String FROZEN = "01" + "00" + "00c9" + "03612f62" + "02" + "01" + "0141" + "0131" + "00"
			+ "0142" + "02c3bc" + "00" + "00ff";

	private static final StoredResponse RESPONSE = new StoredResponse(Ending.BODY, 201, "a/b",
			List.of(new Header("A", "1", true), new Header("B", "\u00fc", false)), "", new byte[] { 0, -1 });

	@Test
	void writesTheFrozenBytes() {
		assertThat(HexFormat.of().formatHex(ResponseCodec.write(RESPONSE).payload())).isEqualTo(FROZEN);
	}

	@Test
	void readsTheFrozenBytes() throws IOException {
		StoredResponse read = ResponseCodec.read(StoredResult.of(HexFormat.of().parseHex(FROZEN)));
		assertThat(read).usingRecursiveComparison().isEqualTo(RESPONSE);
	}

	/** Few bytes for what most responses are. */
	@Test
	void commonTypesAreNumbers() throws IOException {
		List<String> types = List.of("application/json", "application/json;charset=UTF-8", "application/problem+json",
				"application/xml", "text/plain;charset=UTF-8", "text/html;charset=UTF-8", "text/plain", "text/html");
		for (int i = 0; i < types.size(); i++) {
			StoredResponse response = new StoredResponse(Ending.BODY, 200, types.get(i), List.of(), "", new byte[0]);
			byte[] written = ResponseCodec.write(response).payload();
			assertThat(HexFormat.of().formatHex(written)).isEqualTo("010000c8" + "ff0" + i + "00" + "00");
			assertThat(ResponseCodec.read(StoredResult.of(written))).usingRecursiveComparison().isEqualTo(response);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 253, 254, 255, 256, 65_535 })
	void textsOfAllLengthsComeBack(int length) throws IOException {
		String text = "x".repeat(length);
		StoredResponse response = new StoredResponse(Ending.ERROR, 599, text,
				List.of(new Header("X", text, true), new Header("X", text, false)), text, new byte[0]);
		assertThat(ResponseCodec.read(ResponseCodec.write(response))).usingRecursiveComparison().isEqualTo(response);
	}

	@ParameterizedTest
	@ValueSource(ints = { 253, 254, 255, 1000 })
	void anyNumberOfHeadersComesBack(int count) throws IOException {
		StoredResponse response = new StoredResponse(Ending.BODY, 200, "application/json",
				Collections.nCopies(count, new Header("X", "\u00fc", false)), "", new byte[] { 1 });
		assertThat(ResponseCodec.read(ResponseCodec.write(response))).usingRecursiveComparison().isEqualTo(response);
	}

	@Test
	void errorsAndRedirectsComeBack() throws IOException {
		StoredResponse error = new StoredResponse(Ending.ERROR, 410, "", List.of(), "it is gone", new byte[0]);
		StoredResponse redirect = new StoredResponse(Ending.REDIRECT, 303, "", List.of(), "/there", new byte[0]);
		assertThat(ResponseCodec.read(ResponseCodec.write(error))).usingRecursiveComparison().isEqualTo(error);
		assertThat(ResponseCodec.read(ResponseCodec.write(redirect))).usingRecursiveComparison().isEqualTo(redirect);
	}

	@Test
	void responseWithAHeaderThatIsTooLongIsNotKept() {
		StoredResponse response = new StoredResponse(Ending.BODY, 200, "",
				List.of(new Header("X", "x".repeat(70_000), false)), "", new byte[0]);
		assertThat(ResponseCodec.write(response).isKept()).isFalse();
	}

	@Test
	void otherFormatsAreRefused() {
		for (String other : new String[] { "", "02" + FROZEN.substring(2), "0109" + FROZEN.substring(4),
				FROZEN.substring(0, 20), "010000c8ff080000", "010000c8ff", "010000c8fe01" }) {
			assertThatExceptionOfType(IOException.class).as(other)
				.isThrownBy(() -> ResponseCodec.read(StoredResult.of(HexFormat.of().parseHex(other))));
		}
	}

}
