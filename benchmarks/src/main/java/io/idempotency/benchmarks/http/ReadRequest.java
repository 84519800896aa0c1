package io.idempotency.benchmarks.http;

import java.io.ByteArrayInputStream;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** A request whose body was read, and is there once more. */
final class ReadRequest extends HttpServletRequestWrapper {

	private final ServletInputStream body;

	ReadRequest(HttpServletRequest request, byte[] bytes) {
		super(request);
		ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
		this.body = new ServletInputStream() {

			@Override
			public int read() {
				return stream.read();
			}

			@Override
			public int read(byte[] target, int offset, int length) {
				return stream.read(target, offset, length);
			}

			@Override
			public boolean isFinished() {
				return stream.available() == 0;
			}

			@Override
			public boolean isReady() {
				return true;
			}

			@Override
			public void setReadListener(ReadListener listener) {
				throw new UnsupportedOperationException();
			}

		};
	}

	@Override
	public ServletInputStream getInputStream() {
		return this.body;
	}

}
