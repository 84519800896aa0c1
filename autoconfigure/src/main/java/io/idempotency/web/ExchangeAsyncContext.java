package io.idempotency.web;

import java.io.IOException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous side of an exchange. A handler that completes the response by itself,
 * without a dispatch back to Spring MVC, ends the exchange before the container sends
 * what was kept back.
 */
final class ExchangeAsyncContext implements AsyncContext {

	private static final Log logger = LogFactory.getLog(ExchangeAsyncContext.class);

	private final AsyncContext context;

	private final Exchange exchange;

	ExchangeAsyncContext(AsyncContext context, Exchange exchange) {
		this.context = context;
		this.exchange = exchange;
	}

	@Override
	public void complete() {
		try {
			this.exchange.asyncOutcome().answered();
			if (this.exchange.cycle().complete()) {
				this.exchange.end();
			}
		}
		catch (IOException ex) {
			// the response is stored; it is its client that is gone
			logger.debug("A response could not be sent", ex);
		}
		finally {
			this.context.complete();
		}
	}

	@Override
	public ServletRequest getRequest() {
		return this.context.getRequest();
	}

	@Override
	public ServletResponse getResponse() {
		return this.context.getResponse();
	}

	@Override
	public boolean hasOriginalRequestAndResponse() {
		return this.context.hasOriginalRequestAndResponse();
	}

	@Override
	public void dispatch() {
		dispatch(this.context::dispatch);
	}

	@Override
	public void dispatch(String path) {
		dispatch(() -> this.context.dispatch(path));
	}

	@Override
	public void dispatch(ServletContext servletContext, String path) {
		dispatch(() -> this.context.dispatch(servletContext, path));
	}

	private void dispatch(Runnable dispatch) {
		this.exchange.asyncOutcome().answered();
		this.exchange.cycle().dispatch();
		boolean taken = false;
		try {
			dispatch.run();
			taken = true;
		}
		finally {
			if (!taken) {
				this.exchange.cycle().dispatchFailed();
			}
		}
	}

	@Override
	public void start(Runnable work) {
		this.context.start(work);
	}

	@Override
	public void addListener(AsyncListener listener) {
		this.context.addListener(new ExchangeAsyncListener(listener, this, this.exchange));
	}

	@Override
	public void addListener(AsyncListener listener, @Nullable ServletRequest request,
			@Nullable ServletResponse response) {
		this.context.addListener(new ExchangeAsyncListener(listener, this, this.exchange), request, response);
	}

	@Override
	public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
		return this.context.createListener(type);
	}

	@Override
	public void setTimeout(long timeout) {
		this.context.setTimeout(timeout);
	}

	@Override
	public long getTimeout() {
		return this.context.getTimeout();
	}

}
