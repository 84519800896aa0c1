package io.idempotency.web;

import java.io.IOException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** A listener whose events carry the context that ends the exchange. */
final class ExchangeAsyncListener implements AsyncListener {

	private final AsyncListener listener;

	private final AsyncContext context;

	private final Exchange exchange;

	ExchangeAsyncListener(AsyncListener listener, AsyncContext context, Exchange exchange) {
		this.listener = listener;
		this.context = context;
		this.exchange = exchange;
	}

	private AsyncEvent wrap(AsyncEvent event) {
		return new AsyncEvent(this.context, event.getSuppliedRequest(), event.getSuppliedResponse(),
				event.getThrowable());
	}

	@Override
	public void onComplete(AsyncEvent event) throws IOException {
		this.listener.onComplete(wrap(event));
	}

	@Override
	public void onTimeout(AsyncEvent event) throws IOException {
		this.listener.onTimeout(wrap(event));
	}

	@Override
	public void onError(AsyncEvent event) throws IOException {
		AsyncOutcome outcome = this.exchange.asyncOutcome();
		outcome.answersError(true);
		try {
			this.listener.onError(wrap(event));
		}
		finally {
			outcome.answersError(false);
		}
	}

	@Override
	public void onStartAsync(AsyncEvent event) throws IOException {
		// its context is of the new cycle, which wraps it by itself
		this.listener.onStartAsync(event);
	}

}
