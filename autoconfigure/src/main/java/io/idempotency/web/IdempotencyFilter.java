package io.idempotency.web;

import java.io.IOException;
import java.util.function.Predicate;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/**
 * Puts passive wrappers around request and response, so that an idempotent handler's body
 * can be compared and its response kept back until the store has it. Stands inside Spring
 * Security and all filters that have an order.
 */
public final class IdempotencyFilter extends OncePerRequestFilter {

	private final HttpSettings settings;

	private final Predicate<HttpServletRequest> captures;

	private final @Nullable ResponseStoragePolicy policy;

	/**
	 * @param settings of the application
	 * @param door knows which requests are for idempotent handlers
	 * @param policy of the application, if it has one
	 */
	public IdempotencyFilter(HttpSettings settings, ServletDoor door, @Nullable ResponseStoragePolicy policy) {
		this.settings = settings;
		this.policy = policy;
		this.captures = door::mayServe;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Exchange known = Exchange.of(request);
		if (known != null && !known.isEnded()
				&& (!known.isOpen() || WebUtils.getNativeRequest(request, CapturingRequest.class) != null)) {
			known.enter(null);
			known.asyncOutcome().resume(request);
			run(known, request, response, chain);
			return;
		}
		CapturingRequest capturingRequest = new CapturingRequest(request, this.captures,
				this.settings.maxRequestSize());
		if (known != null) {
			capturingRequest.succeed(known.request());
		}
		CapturingResponse capturingResponse = new CapturingResponse(response);
		Exchange exchange = new Exchange(capturingRequest, capturingResponse, this.settings,
				new StorageVerdict(this.settings.statuses(), this.policy));
		request.setAttribute(Exchange.ATTRIBUTE, exchange);
		run(exchange, capturingRequest, capturingResponse, chain);
	}

	private static void run(Exchange exchange, HttpServletRequest request, HttpServletResponse response,
			FilterChain chain) throws ServletException, IOException {
		boolean answered = false;
		exchange.cycle().enter();
		try {
			chain.doFilter(request, response);
			answered = true;
		}
		finally {
			if (!answered) {
				exchange.endExceptionally();
			}
		}
		boolean later = exchange.cycle().leave();
		if (!later && !(exchange.isOpen() && request.isAsyncStarted())) {
			exchange.end();
		}
	}

	/** The dispatch in which an asynchronous handler's value is written. */
	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

}
