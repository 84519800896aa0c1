package io.idempotency.web;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.idempotency.Idempotent;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import reactor.core.publisher.Mono;

import org.springframework.core.annotation.AliasFor;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.view.RedirectView;

/**
 * One handler for each way in which Spring MVC lets a method answer, all at
 * {@code /types/<name>}. Each does its work in the same place: counts, waits at the gate,
 * fails on request.
 */
final class HandlerTypes {

	private HandlerTypes() {
	}

	/** A failure that nobody handles. */
	static class Failed extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	@ResponseStatus(code = HttpStatus.PAYMENT_REQUIRED, reason = "no funds")
	static class NoFunds extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	record Receipt(int run, BigDecimal amount) {
	}

	/** What stands behind every handler. */
	abstract static class Worker {

		private final TestHandlers.Runs runs;

		Worker(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		/** Only on the request's own thread. */
		final Runnable failure() {
			HttpServletRequest request = ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes())
				.getRequest();
			boolean fails = request.getHeader("X-Fail") != null;
			return () -> {
				if (fails) {
					throw new Failed();
				}
			};
		}

		final int work(String name) {
			return work(name, failure());
		}

		final int work(String name, Runnable failure) {
			int run = this.runs.count("types-" + name);
			this.runs.pass();
			failure.run();
			return run;
		}

	}

	@Controller
	static class Synchronous extends Worker {

		Synchronous(TestHandlers.Runs runs) {
			super(runs);
		}

		@Idempotent
		@PostMapping("/types/record")
		@ResponseBody
		Receipt record() {
			return new Receipt(work("record"), new BigDecimal("10.00"));
		}

		@Idempotent
		@PostMapping("/types/map")
		@ResponseBody
		Map<String, Object> map() {
			Map<String, Object> body = new LinkedHashMap<>();
			body.put("run", work("map"));
			body.put("amount", new BigDecimal("10.00"));
			return body;
		}

		@Idempotent
		@PostMapping("/types/response-entity")
		ResponseEntity<Receipt> responseEntity() {
			int run = work("response-entity");
			return ResponseEntity.created(URI.create("/things/" + run))
				.eTag("v" + run)
				.header("X-Custom", "a", "b")
				.body(new Receipt(run, BigDecimal.ONE));
		}

		@Idempotent
		@PostMapping("/types/string")
		@ResponseBody
		String string() {
			return "grün run " + work("string");
		}

		@Idempotent
		@PostMapping(path = "/types/bytes", produces = "application/octet-stream")
		@ResponseBody
		byte[] bytes() {
			byte[] bytes = new byte[300];
			for (int i = 0; i < bytes.length; i++) {
				bytes[i] = (byte) i;
			}
			bytes[0] = (byte) work("bytes");
			return bytes;
		}

		@Idempotent
		@PostMapping("/types/resource")
		@ResponseBody
		Resource resource() {
			return new ByteArrayResource(("run " + work("resource")).getBytes(StandardCharsets.UTF_8));
		}

		@Idempotent
		@PostMapping("/types/void")
		@ResponseStatus(HttpStatus.NO_CONTENT)
		void nothing(HttpServletResponse response) {
			response.setHeader("X-Run", "" + work("void"));
		}

		@Idempotent
		@PostMapping("/types/headers")
		HttpHeaders headers() {
			HttpHeaders headers = new HttpHeaders();
			headers.set("X-Run", "" + work("headers"));
			return headers;
		}

		@Idempotent
		@PostMapping("/types/writer")
		void writer(HttpServletResponse response) throws IOException {
			response.setContentType("text/plain;charset=ISO-8859-1");
			response.getWriter().write("grün run " + work("writer"));
			response.flushBuffer();
		}

		@Idempotent
		@PostMapping("/types/stream")
		void stream(HttpServletResponse response) throws IOException {
			response.setContentType("image/png");
			response.getOutputStream().write(new byte[] { 0, (byte) work("stream"), (byte) 0xFF });
		}

		@Idempotent
		@PostMapping("/types/view")
		ModelAndView view() {
			return new ModelAndView(new View() {

				@Override
				public void render(Map<String, ?> model, HttpServletRequest request, HttpServletResponse response)
						throws IOException {
					response.setContentType("text/html;charset=UTF-8");
					response.getWriter().write("<p>grün " + model.get("run") + "</p>");
				}

			}).addObject("run", work("view"));
		}

		@Idempotent
		@PostMapping("/types/redirect")
		String redirect() {
			return "redirect:/things/" + work("redirect");
		}

		@Idempotent
		@PostMapping("/types/redirect-view")
		RedirectView redirectView() {
			RedirectView view = new RedirectView("/things/" + work("redirect-view"));
			view.setStatusCode(HttpStatus.SEE_OTHER);
			return view;
		}

		@Idempotent
		@PostMapping("/types/send-redirect")
		void sendRedirect(HttpServletResponse response) throws IOException {
			response.sendRedirect("/things/" + work("send-redirect"));
		}

		@Idempotent
		@PostMapping("/types/forward")
		String forward() {
			return "forward:/types/target?run=" + work("forward");
		}

		/** Idempotent itself, but part of another's answer when it is forwarded to. */
		@Idempotent
		@PostMapping("/types/target")
		@ResponseBody
		String target(@RequestParam int run) {
			return "target of run " + run;
		}

		@Idempotent
		@PostMapping("/types/send-error")
		void sendError(HttpServletResponse response) throws IOException {
			response.setHeader("X-Before", "kept");
			response.sendError(410, "gone " + work("send-error"));
		}

		@Idempotent
		@PostMapping("/types/response-status-exception")
		String responseStatusException() {
			throw new ResponseStatusException(HttpStatus.GONE, "gone " + work("response-status-exception"));
		}

		@Idempotent
		@PostMapping("/types/annotated-exception")
		String annotatedException() {
			work("annotated-exception");
			throw new NoFunds();
		}

	}

	@RestController
	static class Asynchronous extends Worker {

		private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			return thread;
		});

		Asynchronous(TestHandlers.Runs runs) {
			super(runs);
		}

		@Idempotent
		@PostMapping("/types/callable")
		Callable<Receipt> callable() {
			Runnable failure = failure();
			return () -> new Receipt(work("callable", failure), BigDecimal.TEN);
		}

		@Idempotent
		@PostMapping("/types/web-async-task")
		WebAsyncTask<ResponseEntity<String>> webAsyncTask() {
			Runnable failure = failure();
			return new WebAsyncTask<>(10_000L,
					() -> ResponseEntity.accepted()
						.header("X-Custom", "a")
						.body("run " + work("web-async-task", failure)));
		}

		@Idempotent
		@PostMapping("/types/deferred-result")
		DeferredResult<ResponseEntity<Receipt>> deferredResult() {
			Runnable failure = failure();
			DeferredResult<ResponseEntity<Receipt>> result = new DeferredResult<>(10_000L);
			this.executor.execute(() -> {
				try {
					int run = work("deferred-result", failure);
					result.setResult(ResponseEntity.created(URI.create("/things/" + run))
						.body(new Receipt(run, BigDecimal.ONE)));
				}
				catch (RuntimeException ex) {
					result.setErrorResult(ex);
				}
			});
			return result;
		}

		@Idempotent
		@PostMapping("/types/completable-future")
		CompletableFuture<ResponseEntity<byte[]>> completableFuture() {
			Runnable failure = failure();
			return CompletableFuture.supplyAsync(
					() -> ResponseEntity.ok(("run " + work("completable-future", failure)).getBytes()), this.executor);
		}

		@Idempotent
		@PostMapping("/types/mono")
		Mono<Receipt> mono() {
			Runnable failure = failure();
			return Mono.fromCallable(() -> new Receipt(work("mono", failure), BigDecimal.ONE));
		}

		@Idempotent
		@PostMapping("/types/async-context")
		void asyncContext(HttpServletRequest request) {
			Runnable failure = failure();
			AsyncContext context = request.startAsync();
			context.start(() -> {
				HttpServletResponse response = (HttpServletResponse) context.getResponse();
				try {
					int run = work("async-context", failure);
					response.setContentType("text/plain");
					response.getWriter().write("run " + run);
				}
				catch (Failed ex) {
					response.setStatus(500);
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
				finally {
					context.complete();
				}
			});
		}

	}

	/** As generators make it from an OpenAPI document. */
	interface Generated {

		@Idempotent
		@PostMapping("/types/interface")
		ResponseEntity<String> annotatedOnTheInterface(@RequestParam(required = false) String any);

	}

	@RestController
	static class Implementation extends Worker implements Generated {

		Implementation(TestHandlers.Runs runs) {
			super(runs);
		}

		@Override
		public ResponseEntity<String> annotatedOnTheInterface(String any) {
			return ResponseEntity.ok("run " + work("interface"));
		}

	}

	@HttpExchange("/types")
	interface Exchanged {

		@Idempotent
		@PostExchange("/http-exchange")
		String exchanged();

	}

	@RestController
	static class ExchangedImplementation extends Worker implements Exchanged {

		ExchangedImplementation(TestHandlers.Runs runs) {
			super(runs);
		}

		@Override
		public String exchanged() {
			return "run " + work("http-exchange");
		}

	}

	/** An annotation of an application's own. */
	@Idempotent(ttl = "1h")
	@RequestMapping(method = RequestMethod.POST)
	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@interface Charge {

		@AliasFor(annotation = RequestMapping.class, attribute = "path")
		String[] value();

	}

	@RestController
	static class MetaAnnotated extends Worker {

		MetaAnnotated(TestHandlers.Runs runs) {
			super(runs);
		}

		@Charge("/types/meta-annotation")
		String charge() {
			return "run " + work("meta-annotation");
		}

	}

}
