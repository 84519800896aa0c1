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

	private static final List<String> TYPES = List.of("application/json", "application/json;charset=UTF-8",
			"application/problem+json", "application/xml", "text/plain;charset=UTF-8", "text/html;charset=UTF-8",
			"text/plain", "text/html", "");

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
	void commonResponsesTakeOneByteMoreThanTheirBody() throws IOException {
		int[] statuses = { 200, 201, 202, 204 };
		for (int status = 0; status < statuses.length; status++) {
			for (int type = 0; type < TYPES.size(); type++) {
				StoredResponse response = new StoredResponse(Ending.BODY, statuses[status], TYPES.get(type), List.of(),
						"", new byte[] { 1, -1 });
				byte[] written = ResponseCodec.write(response).payload();
				assertThat(HexFormat.of().formatHex(written))
					.isEqualTo(Integer.toHexString(8 + status) + type + "01ff");
				assertThat(ResponseCodec.read(StoredResult.of(written))).usingRecursiveComparison().isEqualTo(response);
			}
		}
	}

	@Test
	void commonResponseMayHaveNoBody() throws IOException {
		StoredResponse response = new StoredResponse(Ending.BODY, 204, "", List.of(), "", new byte[0]);
		assertThat(ResponseCodec.write(response).payload()).containsExactly(0xb8);
		assertThat(ResponseCodec.read(ResponseCodec.write(response))).usingRecursiveComparison().isEqualTo(response);
	}

	@Test
	void otherResponsesHaveTheirCommonTypesAsNumbers() throws IOException {
		for (int i = 0; i < TYPES.size(); i++) {
			StoredResponse response = new StoredResponse(Ending.BODY, 404, TYPES.get(i), List.of(), "", new byte[0]);
			byte[] written = ResponseCodec.write(response).payload();
			assertThat(HexFormat.of().formatHex(written))
				.isEqualTo("01000194" + (TYPES.get(i).isEmpty() ? "00" : "ff0" + i) + "00" + "00");
			assertThat(ResponseCodec.read(StoredResult.of(written))).usingRecursiveComparison().isEqualTo(response);
		}
	}

	@Test
	void responsesThatAreNotQuiteCommonAreWrittenOut() throws IOException {
		Header header = new Header("A", "1", false);
		for (StoredResponse response : List.of(json(Ending.BODY, 203, List.of(), ""),
				json(Ending.BODY, 200, List.of(header), ""), json(Ending.ERROR, 200, List.of(), ""),
				json(Ending.REDIRECT, 201, List.of(), ""), json(Ending.BODY, 200, List.of(), "text"))) {
			byte[] written = ResponseCodec.write(response).payload();
			assertThat(written[0]).isEqualTo((byte) 1);
			assertThat(ResponseCodec.read(StoredResult.of(written))).usingRecursiveComparison().isEqualTo(response);
		}
	}

	private static StoredResponse json(Ending ending, int status, List<Header> headers, String text) {
		return new StoredResponse(ending, status, "application/json", headers, text, new byte[] { 1 });
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
				FROZEN.substring(0, 20), "010000c8ff090000", "010000c8ff", "010000c8fe01", "c000", "f000", "89", "bf00",
				"ff" }) {
			assertThatExceptionOfType(IOException.class).as(other)
				.isThrownBy(() -> ResponseCodec.read(StoredResult.of(HexFormat.of().parseHex(other))));
		}
	}

}
