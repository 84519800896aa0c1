package io.idempotency.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/**
 * Where an earlier response is replayed, the handler gave no view name, and Spring MVC
 * would make one up from the path: no view is rendered.
 */
public final class ReplayInterceptor implements HandlerInterceptor {

	@Override
	public void postHandle(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable ModelAndView modelAndView) {
		Exchange exchange = Exchange.of(request);
		if (modelAndView != null && exchange != null && exchange.isReplaying()) {
			modelAndView.clear();
		}
	}

}
