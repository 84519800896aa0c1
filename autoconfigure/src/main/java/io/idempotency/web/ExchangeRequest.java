package io.idempotency.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/** A request that belongs to an exchange: whoever answers it later answers through it. */
abstract class ExchangeRequest extends HttpServletRequestWrapper {

	private @Nullable Exchange exchange;

	private @Nullable ExchangeAsyncContext asyncContext;

	ExchangeRequest(HttpServletRequest request) {
		super(request);
	}

	void belongsTo(Exchange newExchange) {
		this.exchange = newExchange;
	}

	@Override
	public AsyncContext startAsync() {
		Exchange current = this.exchange;
		// a handler that is not ours starts anew, from the container's own request
		return (current != null && !current.isOpen()) ? startAsync(this, current.response()) : super.startAsync();
	}

	@Override
	public AsyncContext startAsync(ServletRequest newRequest, ServletResponse newResponse) {
		Exchange current = this.exchange;
		if (current != null && current.isTransactional()) {
			throw new IllegalStateException("This handler runs in a transaction with its idempotency record"
					+ " (jdbc-transactional), so it cannot answer asynchronously: its thread has the transaction. Let it"
					+ " return its value, or keep its records in another store");
		}
		AsyncContext context = super.startAsync(newRequest, newResponse);
		this.asyncContext = null;
		if (current == null || current.isOpen()) {
			return context;
		}
		// the first listener, so that it knows before Spring MVC does
		context.addListener(current.asyncOutcome());
		current.cycle().start();
		ExchangeAsyncContext wrapped = new ExchangeAsyncContext(context, current);
		this.asyncContext = wrapped;
		return wrapped;
	}

	@Override
	public AsyncContext getAsyncContext() {
		AsyncContext current = super.getAsyncContext();
		return (this.asyncContext != null) ? this.asyncContext : current;
	}

}
