package io.idempotency.web;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Locale;

import io.idempotency.web.StoredResponse.Ending;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A response that passes everything on until a claim is won, then keeps it back until the
 * store has it, or that drops everything because an earlier response is replayed.
 * <p>
 * One class although it is long: it is the servlet API's way of writing a response, each
 * method once for each of the modes.
 */
final class CapturingResponse extends HttpServletResponseWrapper {

	private enum Mode {

		/** Not ours. */
		PASS,

		/** Status and headers go on, the body waits. */
		CAPTURE,

		/** Nothing goes on. */
		DISCARD

	}

	private Mode mode = Mode.PASS;

	private boolean bodyTaken;

	private @Nullable HeaderSnapshot before;

	private @Nullable CapturedOutput output;

	private @Nullable PrintWriter writer;

	private Ending ending = Ending.BODY;

	private int endingStatus;

	private @Nullable String endingText;

	private boolean clearBuffer = true;

	CapturingResponse(HttpServletResponse response) {
		super(response);
	}

	private HttpServletResponse target() {
		return (HttpServletResponse) getResponse();
	}

	/**
	 * Keeps the body back from now on.
	 * @param limit how many bytes; a longer body goes to the client as it comes
	 */
	void capture(int limit) throws IOException {
		requireUntouched();
		this.before = new HeaderSnapshot(target());
		this.output = new CapturedOutput(limit, () -> target().getOutputStream());
		this.mode = Mode.CAPTURE;
	}

	/** Drops all that is written from now on. */
	void discard() {
		requireUntouched();
		this.output = CapturedOutput.nowhere();
		this.mode = Mode.DISCARD;
	}

	private void requireUntouched() {
		if (this.bodyTaken || isCommitted()) {
			throw new IllegalStateException("A filter or an interceptor wrote to the response, or took its stream or"
					+ " writer, before an idempotent handler was called. It has to wrap the response instead");
		}
	}

	/** Passes everything on again; what was kept back is dropped. */
	void passOn() {
		this.mode = Mode.PASS;
		this.writer = null;
		this.ending = Ending.BODY;
	}

	/** Whether the body was longer than the limit, so that the client has it already. */
	boolean isSpilled() {
		return this.output != null && this.output.isSpilled();
	}

	/** The status that the client will get. */
	int finalStatus() {
		return (this.ending == Ending.BODY) ? getStatus() : this.endingStatus;
	}

	/** What was kept back, complete with what the handler's side set. */
	StoredResponse captured() {
		HeaderSnapshot snapshot = this.before;
		CapturedOutput body = this.output;
		if (snapshot == null || body == null) {
			throw new IllegalStateException("Nothing was captured");
		}
		String contentType = getContentType();
		String text = this.endingText;
		return new StoredResponse(this.ending, finalStatus(), (contentType != null) ? contentType : "",
				snapshot.addedTo(target()), (text != null) ? text : "",
				(this.ending == Ending.BODY) ? body.toByteArray() : new byte[0]);
	}

	/** Sends what was kept back. */
	void release() throws IOException {
		Ending how = this.ending;
		String text = this.endingText;
		CapturedOutput body = this.output;
		boolean clear = this.clearBuffer;
		passOn();
		if (how == Ending.ERROR) {
			Endings.sendError(target(), this.endingStatus, text);
		}
		else if (how == Ending.REDIRECT && text != null) {
			target().sendRedirect(text, this.endingStatus, clear);
		}
		else if (body != null) {
			body.release();
		}
	}

	/** Brings what a writer still holds into the body, which may be too long then. */
	void finishBody() {
		if (this.writer != null) {
			this.writer.flush();
		}
	}

	@Override
	public ServletOutputStream getOutputStream() throws IOException {
		if (this.mode == Mode.PASS || this.output == null) {
			this.bodyTaken = true;
			return super.getOutputStream();
		}
		if (this.writer != null) {
			throw new IllegalStateException("getWriter() has been called on this response");
		}
		return this.output;
	}

	@Override
	public PrintWriter getWriter() throws IOException {
		if (this.mode == Mode.PASS || this.output == null) {
			this.bodyTaken = true;
			return super.getWriter();
		}
		if (this.writer == null) {
			String encoding = getCharacterEncoding();
			if (this.mode == Mode.CAPTURE) {
				// as the container does: from now on the content type names its charset
				super.setCharacterEncoding(encoding);
			}
			this.writer = new PrintWriter(new OutputStreamWriter(this.output, encoding));
		}
		return this.writer;
	}

	@Override
	public void flushBuffer() throws IOException {
		switch (this.mode) {
			case PASS -> super.flushBuffer();
			case CAPTURE -> {
				finishBody();
				if (isSpilled()) {
					super.flushBuffer();
				}
			}
			case DISCARD -> {
			}
		}
	}

	@Override
	public boolean isCommitted() {
		return (this.mode == Mode.CAPTURE && this.ending != Ending.BODY) || super.isCommitted();
	}

	@Override
	public void reset() {
		if (this.mode != Mode.DISCARD) {
			super.reset();
		}
		dropBody();
		this.writer = null;
	}

	@Override
	public void resetBuffer() {
		if (this.mode != Mode.DISCARD) {
			super.resetBuffer();
		}
		dropBody();
	}

	private void dropBody() {
		finishBody();
		if (this.output != null) {
			this.output.drop();
		}
	}

	@Override
	public void setBufferSize(int size) {
		if (this.mode == Mode.PASS) {
			super.setBufferSize(size);
		}
	}

	@Override
	public void sendError(int status) throws IOException {
		end(Ending.ERROR, status, null, true);
	}

	@Override
	public void sendError(int status, @Nullable String message) throws IOException {
		end(Ending.ERROR, status, message, true);
	}

	@Override
	public void sendRedirect(String location) throws IOException {
		end(Ending.REDIRECT, SC_FOUND, location, true);
	}

	@Override
	public void sendRedirect(String location, int status) throws IOException {
		end(Ending.REDIRECT, status, location, true);
	}

	@Override
	public void sendRedirect(String location, boolean clear) throws IOException {
		end(Ending.REDIRECT, SC_FOUND, location, clear);
	}

	@Override
	public void sendRedirect(String location, int status, boolean clear) throws IOException {
		end(Ending.REDIRECT, status, location, clear);
	}

	private void end(Ending how, int status, @Nullable String text, boolean clear) throws IOException {
		if (this.mode == Mode.DISCARD) {
			return;
		}
		if (this.mode == Mode.CAPTURE && !isSpilled()) {
			if (isCommitted()) {
				throw new IllegalStateException("The response has been sent already");
			}
			if (clear) {
				dropBody();
			}
			this.ending = how;
			this.endingStatus = status;
			this.endingText = text;
			this.clearBuffer = clear;
		}
		else if (how == Ending.ERROR) {
			Endings.sendError(target(), status, text);
		}
		else {
			target().sendRedirect((text != null) ? text : "", status, clear);
		}
	}

	private boolean drops() {
		return this.mode == Mode.DISCARD;
	}

	@Override
	public void setStatus(int status) {
		if (!drops()) {
			super.setStatus(status);
		}
	}

	@Override
	public void setHeader(String name, @Nullable String value) {
		if (!drops()) {
			super.setHeader(name, value);
		}
	}

	@Override
	public void addHeader(String name, @Nullable String value) {
		if (!drops()) {
			super.addHeader(name, value);
		}
	}

	@Override
	public void setIntHeader(String name, int value) {
		if (!drops()) {
			super.setIntHeader(name, value);
		}
	}

	@Override
	public void addIntHeader(String name, int value) {
		if (!drops()) {
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
	public void setContentType(@Nullable String type) {
		if (!drops()) {
			super.setContentType(type);
		}
	}

	@Override
	public void setCharacterEncoding(@Nullable String encoding) {
		if (!drops()) {
			super.setCharacterEncoding(encoding);
		}
	}

	@Override
	public void setContentLength(int length) {
		if (!drops()) {
			super.setContentLength(length);
		}
	}

	@Override
	public void setContentLengthLong(long length) {
		if (!drops()) {
			super.setContentLengthLong(length);
		}
	}

	@Override
	public void setLocale(@Nullable Locale locale) {
		if (!drops()) {
			super.setLocale(locale);
		}
	}

}
