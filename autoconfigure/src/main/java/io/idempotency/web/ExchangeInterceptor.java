package io.idempotency.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/**
 * Stands in Spring MVC where the rest of the door cannot see. Where an earlier response
 * is replayed, the handler gave no view name, and Spring MVC would make one up from the
 * path: no view is rendered.
 */
public final class ExchangeInterceptor implements HandlerInterceptor {

	@Override
	public void postHandle(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable ModelAndView modelAndView) {
		Exchange exchange = (modelAndView != null) ? Exchange.of(request) : null;
		if (modelAndView != null && exchange != null && exchange.isReplaying()) {
			modelAndView.clear();
		}
	}

	/** A view that fails is seen by no exception resolver. */
	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception ex) {
		Exchange exchange = Exchange.of(request);
		if (exchange != null && ex != null) {
			exchange.failed(ex);
		}
		if (exchange != null && request.getDispatcherType() == DispatcherType.REQUEST) {
			exchange.completed();
		}
	}

}
