package io.idempotency.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import io.idempotency.Idempotent;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/**
 * Handlers that go on after their response has ended, each once as it is and once
 * idempotent, and filters that take part in the response.
 */
final class OddResponseHandlers {

	private OddResponseHandlers() {
	}

	@RestController
	static class Endings {

		private final TestHandlers.Runs runs;

		Endings(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		@PostMapping("/plain/{ending}/{size}")
		String plain(@PathVariable String ending, @PathVariable int size, HttpServletResponse response)
				throws IOException {
			this.runs.count(ending);
			switch (ending) {
				case "error" -> response.sendError(HttpServletResponse.SC_PAYMENT_REQUIRED, "declined");
				case "redirect" -> response.sendRedirect("/elsewhere");
				case "closed-stream" -> {
					try (OutputStream out = response.getOutputStream()) {
						out.write("{\"first\":true}".getBytes(StandardCharsets.UTF_8));
					}
				}
				case "closed-writer" -> {
					try (PrintWriter writer = response.getWriter()) {
						writer.write("first");
					}
				}
				default -> throw new IllegalArgumentException(ending);
			}
			return ending.equals("closed-writer") ? null : "x".repeat(size);
		}

		@Idempotent
		@PostMapping("/idempotent/{ending}/{size}")
		String idempotent(@PathVariable String ending, @PathVariable int size, HttpServletResponse response)
				throws IOException {
			return plain(ending, size, response);
		}

		@Idempotent
		@PostMapping("/odd/closed-and-failed")
		void closedAndFailed(HttpServletResponse response) throws IOException {
			try (OutputStream out = response.getOutputStream()) {
				out.write(("receipt " + this.runs.count("closed-and-failed")).getBytes(StandardCharsets.UTF_8));
			}
			throw new IllegalStateException("after the answer");
		}

		@PostMapping("/written/plain/{size}")
		void plainWritten(@PathVariable int size, HttpServletResponse response) throws IOException {
			this.runs.count("written-" + size);
			PrintWriter writer = response.getWriter();
			for (int i = 0; i < size; i += 1000) {
				writer.write("\u00e4".repeat(1000));
			}
		}

		@Idempotent
		@PostMapping("/written/idempotent/{size}")
		void written(@PathVariable int size, HttpServletResponse response) throws IOException {
			plainWritten(size, response);
		}

		@PostMapping("/written/plain-charset")
		void plainCharset(HttpServletResponse response) throws IOException {
			response.setContentType("text/plain");
			response.setCharacterEncoding(StandardCharsets.UTF_8);
			PrintWriter writer = response.getWriter();
			writer.write("\u00e4");
			response.setCharacterEncoding(StandardCharsets.ISO_8859_1);
			writer.write("\u00e4");
		}

		@Idempotent
		@PostMapping("/written/charset")
		void charset(HttpServletResponse response) throws IOException {
			plainCharset(response);
		}

		@Idempotent
		@PostMapping("/odd/error-and-failed")
		void errorAndFailed(HttpServletResponse response) throws IOException {
			this.runs.count("error-and-failed");
			response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
			throw new IllegalStateException("and failed");
		}

		@Idempotent
		@PostMapping("/odd/retried")
		String retried() {
			int run = this.runs.count("retried");
			if (run == 1) {
				throw new IllegalStateException("deadlock");
			}
			return "run " + run;
		}

		@Idempotent
		@PostMapping("/odd/unread")
		String unread() {
			return "run " + this.runs.count("unread");
		}

		@Idempotent
		@PostMapping("/odd/filtered-twice")
		String filteredTwice(@RequestBody String body) {
			return "run " + this.runs.count("filtered-twice");
		}

		@PostMapping("/odd/starts")
		void starts(@RequestBody String body, HttpServletRequest request) {
			request.startAsync().dispatch("/odd/unread");
		}

		@Idempotent
		@PostMapping("/odd/parts")
		String parts(HttpServletRequest request) {
			return request.getParameter("amount") + ((request instanceof MultipartHttpServletRequest multipart)
					? multipart.getFileMap().keySet().toString() : "");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Filters {

		static final String TAKES_THE_WRITER = "X-Takes-The-Writer";

		static final String TRIES_AGAIN = "X-Tries-Again";

		static final String READS = "X-Reads";

		@Bean
		FilterRegistrationBean<Filter> oddFilter() {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response,
					chain) -> filter((HttpServletRequest) request, (HttpServletResponse) response, chain));
			registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
			return registration;
		}

		@Bean
		FilterRegistrationBean<Filter> secondRegistration(FilterRegistrationBean<IdempotencyFilter> first) {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(first.getFilter());
			registration.setName("secondRegistration");
			registration.addUrlPatterns("/odd/filtered-twice");
			registration.setOrder(Ordered.LOWEST_PRECEDENCE);
			return registration;
		}

		private static void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			if (request.getHeader(TAKES_THE_WRITER) != null) {
				response.setCharacterEncoding("UTF-8");
				PrintWriter writer = response.getWriter();
				chain.doFilter(request, response);
				writer.write("<!-- footer -->");
			}
			else if (request.getHeader(TRIES_AGAIN) != null) {
				try {
					chain.doFilter(request, response);
				}
				catch (ServletException ex) {
					response.reset();
					chain.doFilter(request, response);
				}
			}
			else {
				if (request.getHeader(READS) != null) {
					request.getInputStream().readAllBytes();
				}
				chain.doFilter(request, response);
			}
		}

	}

}
