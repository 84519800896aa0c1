package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The least that anybody could do: one command before the handler, one after it, and the
 * bytes of the response kept in between. Proves no ownership, compares no requests and
 * stores neither status nor headers.
 */
final class FloorFilter extends HttpFilter {

	private static final long serialVersionUID = 1L;

	static final byte[] CLAIM = "claimed".getBytes(StandardCharsets.US_ASCII);

	private final transient FloorStore store;

	FloorFilter(FloorStore store) {
		this.store = store;
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		byte[] key = ("floor:" + request.getHeader("Idempotency-Key")).getBytes(StandardCharsets.US_ASCII);
		byte[] found = this.store.claim(key, CLAIM);
		if (found == null) {
			BufferedResponse buffered = new BufferedResponse(response);
			chain.doFilter(request, buffered);
			byte[] body = buffered.body();
			this.store.complete(key, body);
			response.getOutputStream().write(body);
		}
		else if (Arrays.equals(found, CLAIM)) {
			response.sendError(HttpServletResponse.SC_CONFLICT);
		}
		else {
			response.setContentType("application/json");
			response.getOutputStream().write(found);
		}
	}

}
