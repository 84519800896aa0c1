package io.idempotency.web;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.idempotency.web.StoredResponse.Ending;
import io.idempotency.web.StoredResponse.Header;
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

	/**
	 * What containers write into a URL for a client without cookies; as secret as those.
	 */
	private static final Pattern SESSION_ID = Pattern.compile(";jsessionid=[^?#;]*", Pattern.CASE_INSENSITIVE);

	private Mode mode = Mode.PASS;

	private boolean suspended;

	private boolean bodyTaken;

	private @Nullable HeaderSnapshot before;

	private @Nullable CapturedOutput output;

	private @Nullable PrintWriter writer;

	private @Nullable String writerEncoding;

	private Ending ending = Ending.BODY;

	private int endingStatus;

	private @Nullable String endingText;

	private boolean streamTaken;

	private @Nullable String language;

	CapturingResponse(HttpServletResponse response) {
		super(response);
	}

	private HttpServletResponse target() {
		return (HttpServletResponse) getResponse();
	}

	/**
	 * Keeps the body back from now on.
	 * @param limit how many bytes; a longer body goes to the client as it comes
	 * @param excluded headers that are not captured, in lower case
	 */
	void capture(int limit, Set<String> excluded) throws IOException {
		requireUntouched();
		this.before = new HeaderSnapshot(target(), excluded);
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

	/** The response belongs to the filters outside, until it is resumed. */
	void suspend() {
		if (this.mode == Mode.CAPTURE) {
			this.mode = Mode.PASS;
			this.suspended = true;
		}
	}

	void resume() {
		if (this.suspended) {
			this.mode = Mode.CAPTURE;
			this.suspended = false;
		}
	}

	/** Passes everything on again; what was kept back is dropped. */
	void passOn() {
		this.mode = Mode.PASS;
		this.suspended = false;
		this.writer = null;
		this.writerEncoding = null;
		this.ending = Ending.BODY;
	}

	/** Whether the body was longer than the limit, so that the client has it already. */
	boolean isSpilled() {
		return this.output != null && this.output.isSpilled();
	}

	/** The status that the client will get. */
	int finalStatus() {
		return getStatus();
	}

	/** What was kept back, complete with what the handler's side set. */
	StoredResponse captured() {
		HeaderSnapshot snapshot = this.before;
		CapturedOutput body = this.output;
		if (snapshot == null || body == null) {
			throw new IllegalStateException("Nothing was captured");
		}
		String contentType = getContentType();
		String text = (this.endingText != null) ? SESSION_ID.matcher(this.endingText).replaceFirst("") : null;
		List<Header> headers = snapshot.addedTo(target());
		if (this.language != null && snapshot.isStored("content-language")
				&& headers.stream().noneMatch(CapturingResponse::isLanguage)) {
			headers.add(new Header("Content-Language", this.language, true));
		}
		return new StoredResponse(this.ending, finalStatus(), (contentType != null) ? contentType : "", headers,
				(text != null) ? text : "", body.toByteArray());
	}

	private static boolean isLanguage(Header header) {
		return header.name().equalsIgnoreCase("Content-Language");
	}

	/** Sends what was kept back. */
	void release() throws IOException {
		Ending how = this.ending;
		String text = this.endingText;
		CapturedOutput body = this.output;
		passOn();
		if (body != null) {
			body.release();
		}
		Endings.send(target(), how, this.endingStatus, text, body != null && body.size() > 0);
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
		this.streamTaken = true;
		return this.output;
	}

	@Override
	public PrintWriter getWriter() throws IOException {
		if (this.mode == Mode.PASS || this.output == null) {
			this.bodyTaken = true;
			return super.getWriter();
		}
		if (this.streamTaken) {
			throw new IllegalStateException("getOutputStream() has been called on this response");
		}
		if (this.writer == null) {
			String encoding = getCharacterEncoding();
			if (this.mode == Mode.CAPTURE) {
				// as the container does: from now on the content type names its charset
				super.setCharacterEncoding(encoding);
				this.writerEncoding = encoding;
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
	public int getStatus() {
		return (this.mode == Mode.CAPTURE && this.ending != Ending.BODY) ? this.endingStatus : super.getStatus();
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
		this.writerEncoding = null;
		this.streamTaken = false;
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
		if (end(Ending.ERROR, status, null, true)) {
			super.sendError(status);
		}
	}

	@Override
	public void sendError(int status, @Nullable String message) throws IOException {
		if (end(Ending.ERROR, status, message, true)) {
			super.sendError(status, message);
		}
	}

	// each form goes on as it came: outer wrappers override one or the other

	@Override
	public void sendRedirect(String location) throws IOException {
		if (end(Ending.REDIRECT, SC_FOUND, location, true)) {
			super.sendRedirect(location);
		}
	}

	@Override
	public void sendRedirect(String location, int status) throws IOException {
		if (end(Ending.REDIRECT, status, location, true)) {
			super.sendRedirect(location, status);
		}
	}

	@Override
	public void sendRedirect(String location, boolean clear) throws IOException {
		if (end(Ending.REDIRECT, SC_FOUND, location, clear)) {
			super.sendRedirect(location, clear);
		}
	}

	@Override
	public void sendRedirect(String location, int status, boolean clear) throws IOException {
		if (end(Ending.REDIRECT, status, location, clear)) {
			super.sendRedirect(location, status, clear);
		}
	}

	/** Remembers how the response ends, or says that it may end that way now. */
	private boolean end(Ending how, int status, @Nullable String text, boolean clear) {
		if (this.mode == Mode.DISCARD) {
			return false;
		}
		if (this.mode == Mode.PASS || isSpilled()) {
			return true;
		}
		if (isCommitted()) {
			throw new IllegalStateException("The response has been sent already");
		}
		if (clear) {
			dropBody();
		}
		this.ending = how;
		this.endingStatus = status;
		this.endingText = text;
		return false;
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
			keepCharsetOfWriter();
		}
	}

	/** As in a container: what a writer has begun in one charset, it ends in it. */
	private void keepCharsetOfWriter() {
		if (this.writerEncoding != null) {
			super.setCharacterEncoding(this.writerEncoding);
		}
	}

	@Override
	public void setCharacterEncoding(@Nullable String encoding) {
		if (!drops() && this.writerEncoding == null) {
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
			// containers do not list it among the headers
			this.language = (locale != null) ? locale.toLanguageTag() : null;
			keepCharsetOfWriter();
		}
	}

}
