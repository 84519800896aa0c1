package io.idempotency.web;

import java.io.IOException;

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
		switch (stored.ending()) {
			case ERROR -> Endings.sendError(response, stored.status(), stored.text());
			case REDIRECT -> response.sendRedirect(stored.text(), stored.status());
			case BODY -> {
				response.setStatus(stored.status());
				if (!stored.contentType().isEmpty()) {
					response.setContentType(stored.contentType());
				}
				if (stored.body().length > 0) {
					response.setContentLength(stored.body().length);
					response.getOutputStream().write(stored.body());
				}
			}
		}
	}

}
