package io.idempotency.web;

import java.io.IOException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** A filter outside ours that does to asynchronous handlers what a header says. */
@Configuration(proxyBeanMethods = false)
class AsyncFilters {

	static final String STARTS = "X-Starts-Async";

	static final String CANNOT = "X-Without-Async";

	static final String REFUSES = "X-Refuses-Async";

	static final String REFUSES_WITH_A_BODY = "X-Refuses-Async-With-A-Body";

	@Bean
	FilterRegistrationBean<Filter> asyncFilter() {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response,
				chain) -> filter((HttpServletRequest) request, (HttpServletResponse) response, chain));
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
		registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
		return registration;
	}

	private static void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		boolean later = request.getDispatcherType() == DispatcherType.ASYNC;
		if (later && request.getHeader(REFUSES) != null) {
			response.sendError(HttpServletResponse.SC_FORBIDDEN);
		}
		else if (later && request.getHeader(REFUSES_WITH_A_BODY) != null) {
			response.setStatus(HttpServletResponse.SC_FORBIDDEN);
			response.getWriter().write("denied");
		}
		else if (request.getHeader(STARTS) != null) {
			AsyncContext context = request.startAsync(request, response);
			try {
				chain.doFilter(request, response);
			}
			finally {
				context.complete();
			}
		}
		else if (request.getHeader(CANNOT) != null) {
			chain.doFilter(new WithoutAsync(request), response);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	/** As behind a filter that was registered without support for it. */
	private static final class WithoutAsync extends HttpServletRequestWrapper {

		private WithoutAsync(HttpServletRequest request) {
			super(request);
		}

		@Override
		public AsyncContext startAsync() {
			throw new IllegalStateException("not supported");
		}

		@Override
		public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
			throw new IllegalStateException("not supported");
		}

	}

}
