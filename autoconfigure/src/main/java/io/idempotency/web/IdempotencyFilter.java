package io.idempotency.web;

import java.io.IOException;
import java.util.function.Predicate;
import java.util.function.Supplier;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.util.WebUtils;

/**
 * Puts passive wrappers around request and response, so that an idempotent handler's body
 * can be compared and its response kept back until the store has it. Stands inside Spring
 * Security and all filters that have an order.
 */
public final class IdempotencyFilter implements Filter {

	private final ExchangeRules rules;

	private final Predicate<HttpServletRequest> captures;

	/**
	 * @param settings of the application
	 * @param door knows which requests are for idempotent handlers
	 * @param policy of the application, if it has one
	 * @param resolver answers what goes wrong when Spring MVC is done already, if there
	 * is one
	 */
	public IdempotencyFilter(HttpSettings settings, ServletDoor door, @Nullable ResponseStoragePolicy policy,
			Supplier<@Nullable HandlerExceptionResolver> resolver) {
		this.rules = new ExchangeRules(settings, policy, resolver);
		this.captures = door::mayServe;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		HttpServletRequest httpRequest = (HttpServletRequest) request;
		Exchange known = Exchange.of(httpRequest);
		if ((known != null && known.isInside()) || isError(httpRequest)) {
			// there is another registration of this filter, or no handler that is ours
			chain.doFilter(request, response);
			return;
		}
		if (known != null && !known.isEnded()
				&& (!known.isOpen() || WebUtils.getNativeRequest(request, CapturingRequest.class) != null)) {
			known.enter(null);
			run(known, httpRequest, response, chain);
			return;
		}
		CapturingRequest capturingRequest = new CapturingRequest(httpRequest, this.captures,
				this.rules.settings().maxRequestSize());
		if (known != null) {
			capturingRequest.succeed(known.request());
		}
		CapturingResponse capturingResponse = new CapturingResponse((HttpServletResponse) response);
		Exchange exchange = new Exchange(capturingRequest, capturingResponse, this.rules);
		request.setAttribute(Exchange.ATTRIBUTE, exchange);
		run(exchange, capturingRequest, capturingResponse, chain);
	}

	/** Whether an asynchronous page for an error goes on. */
	private static boolean isError(HttpServletRequest request) {
		return request.getDispatcherType() != DispatcherType.REQUEST
				&& request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) != null;
	}

	private static void run(Exchange exchange, HttpServletRequest request, ServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		boolean answered = false;
		exchange.beginDispatch(request);
		try {
			chain.doFilter(request, response);
			answered = true;
		}
		finally {
			if (!answered) {
				exchange.abortDispatch();
			}
		}
		boolean later = exchange.leaveDispatch();
		if (!later && !(exchange.isOpen() && request.isAsyncStarted())) {
			exchange.end();
		}
	}

}
