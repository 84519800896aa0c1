package io.idempotency.benchmarks.http;

import java.io.ByteArrayOutputStream;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/** Keeps the body back in one buffer. */
final class BufferedResponse extends HttpServletResponseWrapper {

	private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);

	private final ServletOutputStream stream = new ServletOutputStream() {

		@Override
		public void write(int value) {
			BufferedResponse.this.buffer.write(value);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) {
			BufferedResponse.this.buffer.write(bytes, offset, length);
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setWriteListener(WriteListener listener) {
			throw new UnsupportedOperationException();
		}

	};

	BufferedResponse(HttpServletResponse response) {
		super(response);
	}

	@Override
	public ServletOutputStream getOutputStream() {
		return this.stream;
	}

	@Override
	public void flushBuffer() {
		// nothing leaves before it is stored
	}

	byte[] body() {
		return this.buffer.toByteArray();
	}

}
