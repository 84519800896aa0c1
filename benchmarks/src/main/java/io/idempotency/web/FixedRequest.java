package io.idempotency.web;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A request that answers what the library asks, and costs next to nothing itself. Stands
 * in this package beside the benchmarks that use it.
 */
final class FixedRequest extends HttpServletRequestWrapper {

	private static final HttpServletRequest NOTHING = (HttpServletRequest) Proxy.newProxyInstance(
			FixedRequest.class.getClassLoader(), new Class<?>[] { HttpServletRequest.class },
			(proxy, method, arguments) -> {
				throw new UnsupportedOperationException(method.toString());
			});

	private final List<String> key;

	private final byte[] body;

	FixedRequest(String key, byte[] body) {
		super(NOTHING);
		this.key = List.of(key);
		this.body = body;
	}

	@Override
	public Enumeration<String> getHeaders(String name) {
		return Collections.enumeration(this.key);
	}

	@Override
	public @Nullable Principal getUserPrincipal() {
		return () -> "alice";
	}

	@Override
	public String getMethod() {
		return "POST";
	}

	@Override
	public String getRequestURI() {
		return "/payments";
	}

	@Override
	public @Nullable String getQueryString() {
		return null;
	}

	@Override
	public String getContentType() {
		return "application/json";
	}

	@Override
	public int getContentLength() {
		return this.body.length;
	}

	@Override
	public long getContentLengthLong() {
		return this.body.length;
	}

	@Override
	public ServletInputStream getInputStream() {
		return new Body(this.body);
	}

	private static final class Body extends ServletInputStream {

		private final ByteArrayInputStream bytes;

		Body(byte[] bytes) {
			this.bytes = new ByteArrayInputStream(bytes);
		}

		@Override
		public int read() {
			return this.bytes.read();
		}

		@Override
		public int read(byte[] target, int offset, int length) {
			return this.bytes.read(target, offset, length);
		}

		@Override
		public boolean isFinished() {
			return this.bytes.available() == 0;
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setReadListener(ReadListener listener) {
			throw new UnsupportedOperationException();
		}

	}

}
