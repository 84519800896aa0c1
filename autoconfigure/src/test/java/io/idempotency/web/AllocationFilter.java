package io.idempotency.web;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.idempotency.testsupport.Allocation;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.awaitility.Awaitility.await;

/** Measures, outside all other filters, how much memory the last request took. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class AllocationFilter extends OncePerRequestFilter {

	private final AtomicLong last = new AtomicLong();

	private final AtomicInteger running = new AtomicInteger();

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		this.running.incrementAndGet();
		long before = Allocation.ofThread();
		try {
			chain.doFilter(request, response);
		}
		finally {
			this.last.set(Allocation.ofThread() - before);
			this.running.decrementAndGet();
		}
	}

	/** A client may have its answer before the filter has seen the end. */
	long last() {
		await().until(() -> this.running.get() == 0);
		return this.last.get();
	}

}
