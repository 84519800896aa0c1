package io.idempotency.web;

import java.io.IOException;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** Containers tell an error without a message from one with an empty message. */
final class Endings {

	private Endings() {
	}

	static void sendError(HttpServletResponse response, int status, @Nullable String message) throws IOException {
		if (message == null || message.isEmpty()) {
			response.sendError(status);
		}
		else {
			response.sendError(status, message);
		}
	}

}
