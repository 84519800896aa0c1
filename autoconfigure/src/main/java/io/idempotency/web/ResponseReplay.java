package io.idempotency.web;

import java.io.IOException;

import io.idempotency.web.StoredResponse.Ending;
import io.idempotency.web.StoredResponse.Header;
import jakarta.servlet.http.HttpServletResponse;

/** Sends a stored response again. */
final class ResponseReplay {

	private ResponseReplay() {
	}

	static void send(StoredResponse stored, HttpServletResponse response, String replayHeader) throws IOException {
		for (Header header : stored.headers()) {
			if (header.replaces()) {
				response.setHeader(header.name(), header.value());
			}
			else {
				response.addHeader(header.name(), header.value());
			}
		}
		response.setHeader(replayHeader, "true");
		if (stored.ending() == Ending.BODY) {
			response.setStatus(stored.status());
		}
		if (!stored.contentType().isEmpty()) {
			response.setContentType(stored.contentType());
		}
		if (stored.body().length > 0) {
			if (stored.ending() == Ending.BODY) {
				response.setContentLength(stored.body().length);
			}
			ClientStream.of(response).write(stored.body());
		}
		Endings.send(response, stored.ending(), stored.status(), stored.text(), stored.body().length > 0);
	}

}
