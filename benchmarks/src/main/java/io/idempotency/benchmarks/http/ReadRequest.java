package io.idempotency.benchmarks.http;

import io.idempotency.benchmarks.BodyStream;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** A request whose body was read, and is there once more. */
final class ReadRequest extends HttpServletRequestWrapper {

	private final ServletInputStream body;

	ReadRequest(HttpServletRequest request, byte[] body) {
		super(request);
		this.body = new BodyStream(body);
	}

	@Override
	public ServletInputStream getInputStream() {
		return this.body;
	}

}
