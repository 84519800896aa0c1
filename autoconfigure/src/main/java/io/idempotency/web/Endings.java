package io.idempotency.web;

import java.io.IOException;

import io.idempotency.web.StoredResponse.Ending;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Ends a response as it was ended once, by the form of the method that outer wrappers
 * know best.
 */
final class Endings {

	private Endings() {
	}

	static void send(HttpServletResponse response, Ending ending, int status, @Nullable String text, boolean hasBody)
			throws IOException {
		String given = (text != null) ? text : "";
		switch (ending) {
			case ERROR -> {
				// containers tell no message from an empty one
				if (given.isEmpty()) {
					response.sendError(status);
				}
				else {
					response.sendError(status, given);
				}
			}
			case REDIRECT -> {
				if (hasBody) {
					response.sendRedirect(given, status, false);
				}
				else if (status == HttpServletResponse.SC_FOUND) {
					response.sendRedirect(given);
				}
				else {
					response.sendRedirect(given, status);
				}
			}
			case BODY -> {
			}
		}
	}

}
