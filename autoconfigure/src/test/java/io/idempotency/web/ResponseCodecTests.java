package io.idempotency.web;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;

import io.idempotency.StoredResult;
import io.idempotency.web.StoredResponse.Ending;
import io.idempotency.web.StoredResponse.Header;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The bytes of responses that are in stores out there: today's are frozen here. */
class ResponseCodecTests {

	private static final String FROZEN = "01" + "00" + "00c9" + "0003612f62" + "0002" + "01" + "000141" + "000131"
			+ "00" + "000142" + "0002c3bc" + "0000" + "00ff";

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
				FROZEN.substring(0, 20) }) {
			assertThatExceptionOfType(IOException.class).as(other)
				.isThrownBy(() -> ResponseCodec.read(StoredResult.of(HexFormat.of().parseHex(other))));
		}
	}

}
