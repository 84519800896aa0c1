package io.idempotency.web;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.error.DefaultErrorAttributes;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.Resource;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.filter.OncePerRequestFilter;

/** Each handler twice: as it is, and protected, at one address. */
final class FidelityHandlers {

	private static final String PLAIN = "X-Plain";

	private static final String PROTECTED = "!X-Plain";

	private FidelityHandlers() {
	}

	/** What the handlers follow. */
	@Component
	static class Book {

		final Map<String, ResponseRecipe> recipes = new ConcurrentHashMap<>();

		final AtomicInteger runs = new AtomicInteger();

	}

	/** Handlers that follow recipes. */
	@RestController
	@Import(Book.class)
	static class Cook {

		private final Book book;

		Cook(Book book) {
			this.book = book;
		}

		@PostMapping(path = "/recipe/bytes/{id}", headers = PLAIN)
		ResponseEntity<byte[]> bytes(@PathVariable String id) {
			return this.book.recipes.get(id).bytes();
		}

		@Idempotent
		@PostMapping(path = "/recipe/bytes/{id}", headers = PROTECTED)
		ResponseEntity<byte[]> keptBytes(@PathVariable String id) {
			this.book.runs.incrementAndGet();
			return bytes(id);
		}

		@PostMapping(path = "/recipe/resource/{id}", headers = PLAIN)
		ResponseEntity<Resource> resource(@PathVariable String id) {
			return this.book.recipes.get(id).resource();
		}

		@Idempotent
		@PostMapping(path = "/recipe/resource/{id}", headers = PROTECTED)
		ResponseEntity<Resource> keptResource(@PathVariable String id) {
			this.book.runs.incrementAndGet();
			return resource(id);
		}

		@PostMapping(path = "/recipe/servlet/{id}", headers = PLAIN)
		void servlet(@PathVariable String id, HttpServletResponse response) throws IOException {
			this.book.recipes.get(id).write(response);
		}

		@Idempotent
		@PostMapping(path = "/recipe/servlet/{id}", headers = PROTECTED)
		void keptServlet(@PathVariable String id, HttpServletResponse response) throws IOException {
			this.book.runs.incrementAndGet();
			servlet(id, response);
		}

		/** Sets headers before the handler is called, which may replace them. */
		@Bean
		static FilterRegistrationBean<OncePerRequestFilter> outerHeaders() {
			FilterRegistrationBean<OncePerRequestFilter> registration = new FilterRegistrationBean<>(
					new OncePerRequestFilter() {

						@Override
						protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
								FilterChain chain) throws ServletException, IOException {
							response.setHeader("X-Outer", "before");
							response.addHeader("Vary", "Origin");
							chain.doFilter(request, response);
						}

					});
			registration.setOrder(-200);
			return registration;
		}

		/** An error page that is the same each time. */
		@Bean
		static DefaultErrorAttributes errorAttributes() {
			return new DefaultErrorAttributes() {

				@Override
				public Map<String, Object> getErrorAttributes(WebRequest request, ErrorAttributeOptions options) {
					Map<String, Object> attributes = super.getErrorAttributes(request,
							options.including(ErrorAttributeOptions.Include.MESSAGE));
					attributes.remove("timestamp");
					return attributes;
				}

			};
		}

	}

}
