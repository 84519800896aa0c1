package io.idempotency.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;

/**
 * What became of the value that an asynchronous handler promised. Tells the handler's own
 * failure, after which the method may run again, from a container that lost its patience
 * or its client, after which the handler may still be at work.
 */
final class AsyncOutcome implements AsyncListener {

	private final Exchange exchange;

	private volatile @Nullable Throwable containers;

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
		if (!(manager.getConcurrentResult() instanceof Throwable failure)) {
			this.exchange.returned();
		}
		else if (failure instanceof AsyncRequestTimeoutException || failure == this.containers) {
			this.exchange.overtaken();
		}
	}

	@Override
	public void onError(AsyncEvent event) {
		this.containers = event.getThrowable();
	}

	/** The container has sent the response, perhaps by itself. */
	@Override
	public void onComplete(AsyncEvent event) {
		this.exchange.overtaken();
		this.exchange.endExceptionally();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		// Spring MVC answers, or else the container does and completes
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// a new cycle, which has its own listener
	}

}
