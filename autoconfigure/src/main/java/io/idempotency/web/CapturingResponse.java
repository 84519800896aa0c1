package io.idempotency.web;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.idempotency.web.StoredResponse.Ending;
import io.idempotency.web.StoredResponse.Header;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * A response that passes everything on until a claim is won, then keeps it back until the
 * store has it, or that drops everything because an earlier response is replayed.
 * <p>
 * One class although it is long: it is the servlet API's way of writing a response, each
 * method once for each of the modes.
 */
final class CapturingResponse extends DroppingResponse {

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

	/** A container that hides a language does not send it with these. */
	private static final Set<Integer> BODILESS = Set.of(SC_RESET_CONTENT, SC_NOT_MODIFIED);

	private Mode mode = Mode.PASS;

	private boolean suspended;

	private boolean bodyTaken;

	private @Nullable HeaderSnapshot before;

	private @Nullable CapturedOutput output;

	private @Nullable CapturedWriter writer;

	private boolean writerTaken;

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
		this.output = new CapturedOutput(limit, () -> ClientStream.of(target()));
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
		this.writerTaken = false;
		this.writerEncoding = null;
		this.ending = Ending.BODY;
	}

	/** Takes back all that was set and written since the claim. */
	void withdraw() {
		HeaderSnapshot snapshot = this.before;
		passOn();
		dropBody();
		target().reset();
		if (snapshot != null) {
			snapshot.restore(target());
		}
	}

	/** Whether the body is longer than so many bytes. */
	boolean isLongerThan(int limit) {
		return isSpilled() || (this.output != null && this.output.size() > limit);
	}

	/** Whether the body was longer than the limit, so that the client has it already. */
	boolean isSpilled() {
		return this.output != null && this.output.isSpilled();
	}

	/**
	 * Whether the handler has completed it: whatever it does afterwards comes too late.
	 */
	boolean isAnswered() {
		return isClosed() && this.ending == Ending.BODY;
	}

	private boolean isClosed() {
		return this.mode == Mode.CAPTURE && this.output != null && this.output.isClosed();
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
		String type = getContentType();
		String text = (this.endingText != null) ? SESSION_ID.matcher(this.endingText).replaceFirst("") : null;
		List<Header> headers = snapshot.addedTo(target());
		if (this.language != null && !BODILESS.contains(finalStatus()) && snapshot.isStored("content-language")) {
			headers.removeIf(CapturingResponse::isLanguage);
			headers.add(new Header("Content-Language", this.language, true));
		}
		return new StoredResponse(this.ending, finalStatus(), (type != null) ? type : "", headers,
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
			if (how == Ending.BODY && body.isFlushed()) {
				target().flushBuffer();
			}
		}
		Endings.send(target(), how, this.endingStatus, text, body != null && body.size() > 0);
	}

	/** Brings what a writer still holds into the body, which may be too long then. */
	void finishBody() {
		if (this.writer != null) {
			this.writer.drain();
		}
	}

	@Override
	public ServletOutputStream getOutputStream() throws IOException {
		if (this.mode == Mode.PASS || this.output == null) {
			this.bodyTaken = true;
			return super.getOutputStream();
		}
		if (this.writerTaken) {
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
		CapturedWriter current = this.writer;
		if (current == null) {
			current = new CapturedWriter(this.output);
			this.writer = current;
		}
		if (!this.writerTaken) {
			String encoding = getCharacterEncoding();
			current.use(charset(encoding));
			if (this.mode == Mode.CAPTURE) {
				// as the container does: from now on the content type names its charset
				if (!this.output.isFlushed() && !namesCharset(encoding)) {
					super.setCharacterEncoding(encoding);
				}
				this.writerEncoding = encoding;
			}
			this.writerTaken = true;
		}
		return current;
	}

	/**
	 * Whether the content type says it, or is one for which a container assumes it.
	 * Setting it once more would add it, or change how it is spelled.
	 */
	private boolean namesCharset(String encoding) {
		return contentType().contains("charset=") || (isJson() && encoding.equalsIgnoreCase("UTF-8"));
	}

	private boolean isJson() {
		return contentType().startsWith("application/json");
	}

	private String contentType() {
		String type = getContentType();
		return (type != null) ? type.toLowerCase(Locale.ROOT) : "";
	}

	private static Charset charset(String encoding) throws UnsupportedEncodingException {
		try {
			return Charset.forName(encoding);
		}
		catch (IllegalArgumentException ex) {
			throw new UnsupportedEncodingException(encoding);
		}
	}

	@Override
	public void flushBuffer() throws IOException {
		switch (this.mode) {
			case PASS -> super.flushBuffer();
			case CAPTURE -> {
				finishBody();
				if (this.output != null) {
					this.output.flush();
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
		requireNotEnded();
		if (this.mode != Mode.DISCARD) {
			super.reset();
		}
		dropBody();
		this.writerTaken = false;
		this.writerEncoding = null;
		this.streamTaken = false;
	}

	@Override
	public void resetBuffer() {
		requireNotEnded();
		if (this.mode != Mode.DISCARD) {
			super.resetBuffer();
		}
		dropBody();
	}

	private void requireNotEnded() {
		if (isClosed()) {
			throw new IllegalStateException("The response has been sent already");
		}
	}

	private void dropBody() {
		if (this.writer != null) {
			this.writer.restart();
		}
		if (this.output != null) {
			this.output.drop();
		}
	}

	@Override
	public void setBufferSize(int size) {
		if (this.mode == Mode.PASS || (this.mode == Mode.CAPTURE && !isSpilled())) {
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
		else {
			finishBody();
		}
		if (this.output != null) {
			this.output.close();
		}
		this.ending = how;
		this.endingStatus = status;
		this.endingText = text;
		return false;
	}

	@Override
	boolean drops() {
		// a container has sent what was closed
		return this.mode == Mode.DISCARD || isAnswered();
	}

	/** What comes after an error or a redirect is no body, and has no length and type. */
	@Override
	boolean dropsBody() {
		return this.mode == Mode.DISCARD || isClosed();
	}

	@Override
	public void setContentType(@Nullable String type) {
		if (!dropsBody()) {
			super.setContentType(type);
			keepCharsetOfWriter();
		}
	}

	/**
	 * The language that was just set, if the container does not list it among the headers
	 * but sends it in their place.
	 */
	private @Nullable String hidden(String tag, @Nullable String former) {
		String now = getHeader("Content-Language");
		return (now == null || (now.equals(former) && !now.equals(tag))) ? tag : null;
	}

	@Override
	void headerSet(String header) {
		if (header.equalsIgnoreCase("Content-Type")) {
			keepCharsetOfWriter();
		}
	}

	/** As in a container: what a writer has begun in one charset, it ends in it. */
	private void keepCharsetOfWriter() {
		if (this.writerEncoding != null && (!isJson() || namesCharset(this.writerEncoding))) {
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
	public void setCharacterEncoding(@Nullable Charset charset) {
		setCharacterEncoding((charset != null) ? charset.name() : null);
	}

	@Override
	public void setLocale(@Nullable Locale locale) {
		if (!drops()) {
			String former = getHeader("Content-Language");
			super.setLocale(locale);
			this.language = (locale != null) ? hidden(locale.toLanguageTag(), former) : null;
			keepCharsetOfWriter();
		}
	}

}
