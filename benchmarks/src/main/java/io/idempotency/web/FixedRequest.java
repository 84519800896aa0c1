package io.idempotency.web;

import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

import io.idempotency.benchmarks.BodyStream;
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
		return new BodyStream(this.body);
	}

}
