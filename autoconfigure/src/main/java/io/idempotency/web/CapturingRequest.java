package io.idempotency.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.function.Predicate;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body can be compared after the handler's arguments were read from it.
 * Passes everything on as it is; only when the body is read for an idempotent handler, or
 * before it is known which handler it is for, it is remembered.
 * <p>
 * A form belongs to the one who asks first, as in a container: who takes the stream
 * leaves no parameters, who asks for a parameter leaves an empty stream. If it was read
 * for the fingerprint before anybody has asked, the container cannot make its parameters
 * any more, and they are made here.
 */
final class CapturingRequest extends ExchangeRequest {

	private final Predicate<HttpServletRequest> captures;

	private final int limit;

	private @Nullable CapturedBody body;

	private @Nullable BufferedReader reader;

	private @Nullable Map<String, String[]> parameters;

	private @Nullable IllegalStateException refusal;

	/** Set after the container thought that it was too late. */
	private @Nullable String encoding;

	/** The body has gone to somebody who read it before we could. */
	private boolean passedOn;

	/** Somebody has taken the body as a stream or a reader. */
	private boolean taken;

	/**
	 * @param captures whether a request's body has to be remembered
	 * @param limit up to how many bytes
	 */
	CapturingRequest(HttpServletRequest request, Predicate<HttpServletRequest> captures, int limit) {
		super(request);
		this.captures = captures;
		this.limit = limit;
	}

	/** Goes on where another wrapper of the same request was. */
	void succeed(CapturingRequest former) {
		this.body = former.body;
		this.reader = former.reader;
		this.parameters = former.parameters;
		this.refusal = former.refusal;
		this.encoding = former.encoding;
		this.passedOn = former.passedOn;
		this.taken = former.taken;
	}

	/**
	 * The body, remembered from its first byte; whoever reads it now reads from there.
	 */
	CapturedBody body() throws IOException {
		if (this.passedOn) {
			throw new IllegalStateException("The request body was read before its handler was known to be idempotent");
		}
		CapturedBody current = this.body;
		if (current == null) {
			current = new CapturedBody(super.getInputStream(), this.limit, getContentLengthLong());
			this.body = current;
		}
		return current;
	}

	/**
	 * Lets a client that is still sending a body that is too large come to its end, as
	 * some servers answer such a one by hanging up. Not so if it is much too large, or if
	 * the client waits for a word before it sends anything.
	 */
	void discardBody() throws IOException {
		if (!this.passedOn && getContentLengthLong() <= 2L * this.limit && getHeader("Expect") == null) {
			body().discard();
		}
	}

	/** Whether somebody has taken the body as a stream or a reader. */
	boolean isTaken() {
		return this.taken;
	}

	/**
	 * The parameters of a form whose bytes are remembered, whoever has taken them.
	 * @throws MalformedFormException if it is no form
	 */
	Map<String, String[]> formParameters(CapturedBody form) {
		Map<String, String[]> query;
		try {
			query = containersParameters();
		}
		catch (IllegalStateException ex) {
			// a handler that asks for no parameter does not mind a malformed query
			query = Map.of();
		}
		return FormParameters.read(form, rules().formCharset(this), query);
	}

	@Override
	public ServletInputStream getInputStream() throws IOException {
		if (this.reader != null) {
			throw new IllegalStateException("getReader() has been called on this request");
		}
		if (!isCaptured()) {
			return passOn().getInputStream();
		}
		this.taken = true;
		return body();
	}

	@Override
	public BufferedReader getReader() throws IOException {
		if (!isCaptured()) {
			return passOn().getReader();
		}
		BufferedReader current = this.reader;
		if (current == null) {
			if (this.taken) {
				throw new IllegalStateException("getInputStream() has been called on this request");
			}
			Charset charset = charset(getCharacterEncoding());
			current = new BufferedReader(new InputStreamReader(body(), rules().decoder(charset)));
			this.reader = current;
			this.taken = true;
		}
		return current;
	}

	@Override
	public @Nullable String getCharacterEncoding() {
		return (this.encoding != null) ? this.encoding : super.getCharacterEncoding();
	}

	@Override
	public void setCharacterEncoding(String name) throws UnsupportedEncodingException {
		if (this.body == null) {
			super.setCharacterEncoding(name);
		}
		else if (!rules().keepsEncoding(this.taken, this.reader != null)) {
			this.encoding = charset(name).name();
		}
	}

	@Override
	public void setCharacterEncoding(Charset charset) {
		if (this.body == null) {
			super.setCharacterEncoding(charset);
		}
		else if (!rules().keepsEncoding(this.taken, this.reader != null)) {
			this.encoding = charset.name();
		}
	}

	@Override
	public @Nullable String getParameter(String name) {
		if (!ownsForm()) {
			return super.getParameter(name);
		}
		String[] values = getParameterMap().get(name);
		return (values != null) ? values[0] : null;
	}

	@Override
	public String @Nullable [] getParameterValues(String name) {
		return ownsForm() ? getParameterMap().get(name) : super.getParameterValues(name);
	}

	@Override
	public Enumeration<String> getParameterNames() {
		return ownsForm() ? Collections.enumeration(getParameterMap().keySet()) : super.getParameterNames();
	}

	@Override
	public Map<String, String[]> getParameterMap() {
		CapturedBody form = this.body;
		if (form == null || !ownsForm()) {
			return super.getParameterMap();
		}
		Map<String, String[]> current = this.parameters;
		if (current == null) {
			form.exhaust();
			current = Collections
				.unmodifiableMap(FormParameters.read(form, rules().formCharset(this), containersParameters()));
			this.parameters = current;
		}
		return current;
	}

	/** A container says only once that it cannot read them. */
	private Map<String, String[]> containersParameters() {
		if (this.refusal != null) {
			throw this.refusal;
		}
		try {
			return super.getParameterMap();
		}
		catch (IllegalStateException ex) {
			this.refusal = ex;
			throw ex;
		}
	}

	/** Whether the body is a form that was read here instead of by the container. */
	private boolean ownsForm() {
		return this.parameters != null || this.refusal != null
				|| (this.body != null && !this.taken && this.body.length() > 0 && rules().hasForm(getMethod())
						&& RequestMediaType.of(getContentType()).kind() == RequestMediaType.Kind.FORM);
	}

	private static Charset charset(@Nullable String encoding) throws UnsupportedEncodingException {
		try {
			return (encoding != null) ? Charset.forName(encoding) : StandardCharsets.ISO_8859_1;
		}
		catch (IllegalArgumentException ex) {
			throw new UnsupportedEncodingException(encoding);
		}
	}

	private ContainerRules rules() {
		return ContainerRules.of(this);
	}

	private boolean isCaptured() {
		return !this.passedOn && (this.body != null || this.captures.test(this));
	}

	private HttpServletRequest passOn() {
		this.passedOn = true;
		return (HttpServletRequest) getRequest();
	}

}
