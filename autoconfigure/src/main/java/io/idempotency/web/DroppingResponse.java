package io.idempotency.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A response whose status and headers go on, or are dropped because another response is
 * to be sent.
 */
abstract class DroppingResponse extends HttpServletResponseWrapper {

	DroppingResponse(HttpServletResponse response) {
		super(response);
	}

	/** Whether what describes a body does not go on now. */
	abstract boolean dropsBody();

	private boolean drops(String header) {
		boolean ofBody = header.equalsIgnoreCase("Content-Length") || header.equalsIgnoreCase("Content-Type");
		return ofBody ? dropsBody() : drops();
	}

	/** A header went on. */
	abstract void headerSet(String name);

	/** Whether nothing goes on now. */
	abstract boolean drops();

	@Override
	public void setStatus(int status) {
		if (!drops()) {
			super.setStatus(status);
		}
	}

	@Override
	public void setHeader(String name, @Nullable String value) {
		if (!drops(name)) {
			super.setHeader(name, value);
			headerSet(name);
		}
	}

	@Override
	public void addHeader(String name, @Nullable String value) {
		if (!drops(name)) {
			super.addHeader(name, value);
			headerSet(name);
		}
	}

	@Override
	public void setIntHeader(String name, int value) {
		if (!drops(name)) {
			super.setIntHeader(name, value);
		}
	}

	@Override
	public void addIntHeader(String name, int value) {
		if (!drops(name)) {
			super.addIntHeader(name, value);
		}
	}

	@Override
	public void setDateHeader(String name, long value) {
		if (!drops()) {
			super.setDateHeader(name, value);
		}
	}

	@Override
	public void addDateHeader(String name, long value) {
		if (!drops()) {
			super.addDateHeader(name, value);
		}
	}

	@Override
	public void addCookie(Cookie cookie) {
		if (!drops()) {
			super.addCookie(cookie);
		}
	}

	@Override
	public void setContentLength(int length) {
		if (!dropsBody()) {
			super.setContentLength(length);
		}
	}

	@Override
	public void setContentLengthLong(long length) {
		if (!dropsBody()) {
			super.setContentLengthLong(length);
		}
	}

}
