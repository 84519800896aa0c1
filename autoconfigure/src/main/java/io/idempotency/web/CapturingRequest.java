package io.idempotency.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.function.Predicate;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body can be compared after the handler's arguments were read from it.
 * Passes everything on as it is; only when the body is read for an idempotent handler, or
 * before it is known which handler it is for, it is remembered.
 */
final class CapturingRequest extends HttpServletRequestWrapper {

	private final Predicate<HttpServletRequest> captures;

	private final int limit;

	private @Nullable CapturedBody body;

	private @Nullable BufferedReader reader;

	private boolean passedOn;

	private @Nullable Exchange exchange;

	private @Nullable ExchangeAsyncContext asyncContext;

	/**
	 * @param captures whether a request's body has to be remembered
	 * @param limit up to how many bytes
	 */
	CapturingRequest(HttpServletRequest request, Predicate<HttpServletRequest> captures, int limit) {
		super(request);
		this.captures = captures;
		this.limit = limit;
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
			current = new CapturedBody(super.getInputStream(), this.limit);
			this.body = current;
		}
		return current;
	}

	/** Whoever answers later answers through the exchange. */
	void belongsTo(Exchange newExchange) {
		this.exchange = newExchange;
	}

	/** Whether somebody has taken the body as a stream or a reader. */
	boolean isRead() {
		return this.body != null;
	}

	@Override
	public AsyncContext startAsync() {
		Exchange current = this.exchange;
		return (current != null) ? startAsync(this, current.response()) : super.startAsync();
	}

	@Override
	public AsyncContext startAsync(ServletRequest newRequest, ServletResponse newResponse) {
		AsyncContext context = super.startAsync(newRequest, newResponse);
		Exchange current = this.exchange;
		this.asyncContext = null;
		if (current == null || current.isOpen()) {
			return context;
		}
		// the first listener, so that it knows before Spring MVC does
		context.addListener(current.asyncOutcome());
		ExchangeAsyncContext wrapped = new ExchangeAsyncContext(context, current);
		this.asyncContext = wrapped;
		return wrapped;
	}

	@Override
	public AsyncContext getAsyncContext() {
		AsyncContext current = super.getAsyncContext();
		return (this.asyncContext != null) ? this.asyncContext : current;
	}

	@Override
	public ServletInputStream getInputStream() throws IOException {
		if (this.reader != null) {
			throw new IllegalStateException("getReader() has been called on this request");
		}
		return isCaptured() ? body() : passOn().getInputStream();
	}

	@Override
	public BufferedReader getReader() throws IOException {
		if (!isCaptured()) {
			return passOn().getReader();
		}
		BufferedReader current = this.reader;
		if (current == null) {
			String encoding = getCharacterEncoding();
			current = new BufferedReader(new InputStreamReader(body(), (encoding != null) ? encoding : "ISO-8859-1"));
			this.reader = current;
		}
		return current;
	}

	private boolean isCaptured() {
		return !this.passedOn && (this.body != null || this.captures.test(this));
	}

	private HttpServletRequest passOn() {
		this.passedOn = true;
		return (HttpServletRequest) getRequest();
	}

}
