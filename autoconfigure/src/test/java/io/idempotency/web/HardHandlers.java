package io.idempotency.web;

import java.io.IOException;
import java.security.Principal;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import io.idempotency.Idempotent;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;

/** Handlers and filters that use the corners of Spring MVC and of the servlet API. */
final class HardHandlers {

	private HardHandlers() {
	}

	@Controller
	static class Corners {

		private final TestHandlers.Runs runs;

		Corners(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/corner/forward")
		String forward() {
			return "forward:/corner/target?run=" + this.runs.count("forward");
		}

		@PostMapping("/corner/target")
		void target(@RequestParam int run, HttpServletResponse response) throws IOException {
			response.setContentType("text/plain;charset=UTF-8");
			response.getWriter().write("gr\u00fcn run " + run);
		}

		@PostMapping("/corner/plain-redirect")
		void plainRedirect(HttpServletResponse response) throws IOException {
			response.sendRedirect("/elsewhere");
		}

		@Idempotent
		@PostMapping("/corner/redirect")
		void redirect(HttpServletResponse response) throws IOException {
			response.sendRedirect("/elsewhere/" + this.runs.count("corner-redirect"));
		}

		@Idempotent
		@PostMapping("/corner/redirect-with-body")
		void redirectWithBody(HttpServletResponse response) throws IOException {
			response.getWriter().write("go there " + this.runs.count("redirect-with-body"));
			response.sendRedirect("/elsewhere", 303, false);
		}

		@Idempotent
		@PostMapping("/corner/session")
		String session(HttpServletRequest request) {
			request.getSession(true);
			return "redirect:/elsewhere";
		}

		@Idempotent
		@PostMapping("/corner/late-charset")
		void lateCharset(HttpServletResponse response) throws IOException {
			var writer = response.getWriter();
			response.setContentType("text/plain;charset=UTF-8");
			writer.write("gr\u00fcn");
			this.runs.count("late-charset");
		}

		@Idempotent
		@PostMapping("/corner/stream-and-writer")
		void streamAndWriter(HttpServletResponse response) throws IOException {
			response.getOutputStream().write('a');
			response.getWriter().write('b');
		}

		@Idempotent
		@PostMapping("/corner/language")
		ModelAndView language(HttpServletResponse response) {
			this.runs.count("language");
			return new ModelAndView(new View() {

				@Override
				public void render(Map<String, ?> model, HttpServletRequest request, HttpServletResponse response)
						throws IOException {
					response.setLocale(Locale.GERMAN);
					response.getWriter().write("hallo");
				}

			});
		}

		@Idempotent
		@PostMapping("/corner/broken-view")
		ModelAndView brokenView() {
			this.runs.count("broken-view");
			return new ModelAndView(new View() {

				@Override
				public void render(Map<String, ?> model, HttpServletRequest request, HttpServletResponse response) {
					throw new IllegalStateException("the view broke");
				}

			});
		}

		@Idempotent
		@PostMapping("/corner/headers")
		HttpHeaders headers() {
			HttpHeaders headers = new HttpHeaders();
			headers.set("X-Run", "run " + this.runs.count("headers"));
			return headers;
		}

		@Idempotent
		@PostMapping("/corner/status-seen")
		void statusSeen(HttpServletResponse response) throws IOException {
			response.sendError(404);
			response.setHeader("X-Status", "" + response.getStatus());
		}

		@Idempotent
		@PutMapping("/corner/put-form")
		ResponseEntity<String> putForm(HttpServletRequest request) throws IOException {
			return ResponseEntity
				.ok(new String(request.getInputStream().readAllBytes()) + " run " + this.runs.count("put-form"));
		}

		@Idempotent
		@PostMapping("/corner/principal")
		ResponseEntity<String> principal(HttpServletRequest request) {
			return ResponseEntity.ok("secret of " + request.getRemoteUser() + " " + this.runs.count("principal"));
		}

		@Idempotent
		@PostMapping("/corner/later")
		ResponseEntity<Object> later() {
			this.runs.count("later");
			return ResponseEntity.ok((Callable<String>) () -> "later");
		}

	}

	/** A class-level annotation means its handlers, visible or not, and nothing else. */
	@RestController
	@Idempotent
	static class OnClass {

		private final TestHandlers.Runs runs;

		OnClass(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		@PostMapping("/class/hidden")
		String hidden() {
			return "run " + this.runs.count("class-hidden");
		}

		@PostMapping("/class/visible")
		public String visible() {
			return "run " + this.runs.count("class-visible");
		}

		@ExceptionHandler
		public ResponseEntity<String> handle(IllegalArgumentException ex) {
			return ResponseEntity.badRequest().body("no");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Filters {

		@Bean
		ForwardedHeaderFilter forwardedHeaders() {
			return new ForwardedHeaderFilter();
		}

		/** Has no order, so it stands inside ours, and answers failures by itself. */
		@Bean
		OncePerRequestFilter users() {
			return new OncePerRequestFilter() {

				@Override
				protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
						FilterChain chain) throws ServletException, IOException {
					String user = request.getHeader("X-User");
					try {
						chain.doFilter((user != null) ? new UserRequest(request, user) : request, response);
					}
					catch (ServletException | RuntimeException ex) {
						response.setStatus(500);
						response.getWriter().write("caught");
					}
				}

			};
		}

	}

	private static final class UserRequest extends HttpServletRequestWrapper {

		private final String user;

		UserRequest(HttpServletRequest request, String user) {
			super(request);
			this.user = user;
		}

		@Override
		public Principal getUserPrincipal() {
			return () -> this.user;
		}

		@Override
		public String getRemoteUser() {
			return this.user;
		}

	}

}
