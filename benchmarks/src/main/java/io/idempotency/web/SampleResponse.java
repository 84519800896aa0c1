package io.idempotency.web;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.idempotency.StoredResult;

/**
 * The answer of a handler that made something. Stands in this package because the class
 * of stored responses is package-private.
 */
public final class SampleResponse {

	private SampleResponse() {
	}

	static StoredResponse ofSize(int bodySize) {
		byte[] body = (bodySize < 200) ? shortBody(bodySize) : OrderText.ofSize(bodySize);
		return new StoredResponse(StoredResponse.Ending.BODY, 201, "application/json",
				List.of(new StoredResponse.Header("Location", "/payments/0f8fad5b-d9cb-469f-a165-70867728950e", false)),
				"", body);
	}

	private static byte[] shortBody(int size) {
		String start = "{\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"status\":\"captured\",\"note\":\"";
		String end = "\"}";
		String body = start + "x".repeat(Math.max(0, size - start.length() - end.length())) + end;
		return body.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * The bytes that the servlet door hands to the engine.
	 * @param bodySize bytes of the response's body
	 */
	public static StoredResult stored(int bodySize) {
		return ResponseCodec.write(ofSize(bodySize));
	}

}
