package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.security.Principal;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

/** Says who calls, always the same, as an authentication would. */
final class PrincipalFilter extends HttpFilter {

	private static final long serialVersionUID = 1L;

	private static final Principal CALLER = () -> "benchmark";

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		chain.doFilter(new HttpServletRequestWrapper(request) {

			@Override
			public Principal getUserPrincipal() {
				return CALLER;
			}

		}, response);
	}

}
