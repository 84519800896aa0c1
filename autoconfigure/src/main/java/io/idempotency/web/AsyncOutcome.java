package io.idempotency.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;

/**
 * What became of the value that an asynchronous handler promised. Tells the handler's own
 * failure, after which the method may run again, from a container that lost its patience
 * or its client, after which the handler may still be at work.
 */
final class AsyncOutcome implements AsyncListener {

	private final Exchange exchange;

	private volatile boolean timedOut;

	/** The container cannot send the response, as its client is gone mostly. */
	private volatile boolean clientLost;

	/** A listener is asked what to do about that. */
	private volatile boolean answeringError;

	AsyncOutcome(Exchange exchange) {
		this.exchange = exchange;
	}

	/**
	 * Spring MVC goes on with what it got. Comes before anything else of the dispatch.
	 */
	void resume(HttpServletRequest request) {
		WebAsyncManager manager = WebAsyncUtils.getAsyncManager(request);
		if (!manager.hasConcurrentResult()) {
			return;
		}
		Object result = manager.getConcurrentResult();
		boolean failed = result instanceof Throwable;
		if (result instanceof Throwable failure) {
			this.exchange.threw(failure);
		}
		if (result instanceof AsyncRequestNotUsableException || (this.clientLost && (failed || result == null))) {
			this.exchange.fate().lost();
		}
		else if (this.timedOut || this.clientLost) {
			// what the handler answers to that, or Spring MVC
			this.exchange.fate().overtaken();
		}
		else if (failed) {
			this.exchange.fate().promiseBroken();
		}
		else {
			this.exchange.fate().returned();
		}
	}

	/** Whether a listener is being told that the client is gone. */
	void answersError(boolean begins) {
		this.answeringError = begins;
	}

	/** Somebody completes the response, or dispatches to who will. */
	void answered() {
		if (this.answeringError) {
			this.exchange.fate().lost();
		}
		else if (this.timedOut) {
			this.exchange.fate().overtaken();
		}
	}

	@Override
	public void onError(AsyncEvent event) {
		this.clientLost = true;
	}

	/** The container has sent the response, perhaps by itself. */
	@Override
	public void onComplete(AsyncEvent event) {
		this.exchange.fate().lost();
		this.exchange.endExceptionally();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		// Spring MVC answers, or else the container does and completes
		this.timedOut = true;
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// a new cycle, which has its own listener
	}

}
