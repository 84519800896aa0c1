package io.idempotency.web;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/** Handlers of every kind; each counts how often it ran. */
final class TestHandlers {

	private TestHandlers() {
	}

	/** How often what ran, and a gate that holds handlers up. */
	@Component
	static class Runs {

		private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

		volatile CountDownLatch entered = new CountDownLatch(0);

		volatile CountDownLatch gate = new CountDownLatch(0);

		int count(String name) {
			return this.counts.computeIfAbsent(name, (missing) -> new AtomicInteger()).incrementAndGet();
		}

		int of(String name) {
			return this.counts.computeIfAbsent(name, (missing) -> new AtomicInteger()).get();
		}

		void closeGate() {
			this.entered = new CountDownLatch(1);
			this.gate = new CountDownLatch(1);
		}

		void pass() {
			this.entered.countDown();
			try {
				this.gate.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	record Payment(String account, @Positive BigDecimal amount) {
	}

	static class Broke extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	@ResponseStatus(code = HttpStatus.PAYMENT_REQUIRED, reason = "no funds")
	static class NoFunds extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	/** Cannot be written by any converter without an error. */
	static class Unwritable {

		public String getValue() {
			throw new IllegalStateException("not for the wire");
		}

	}

	@RestController
	static class Payments {

		private final Runs runs;

		Payments(Runs runs) {
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/payments")
		ResponseEntity<Map<String, Object>> pay(@RequestBody @Valid Payment payment, HttpServletResponse response) {
			int run = this.runs.count("payments");
			this.runs.pass();
			response.addCookie(new Cookie("session", "secret"));
			Map<String, Object> body = new LinkedHashMap<>();
			body.put("run", run);
			body.put("amount", payment.amount());
			body.put("rate", new BigDecimal("10.00"));
			return ResponseEntity.created(URI.create("/payments/" + run))
				.eTag("v" + run)
				.header("X-Custom", "a", "b")
				.body(body);
		}

		@Idempotent(inProgress = InProgress.WAIT, waitTimeout = "10s")
		@PostMapping("/waiting")
		String waiting(@RequestBody String body) {
			int run = this.runs.count("waiting");
			this.runs.pass();
			return "run " + run;
		}

		@Idempotent(inProgress = InProgress.WAIT, waitTimeout = "200ms")
		@PostMapping("/impatient")
		String impatient(@RequestBody String body) {
			int run = this.runs.count("impatient");
			this.runs.pass();
			return "run " + run;
		}

		@Idempotent
		@PostMapping("/refunds")
		String refund(@RequestBody String body) {
			return "refund " + this.runs.count("refunds");
		}

		@Idempotent
		@PutMapping("/accounts/{id}/limit")
		String limit(@PathVariable String id, @RequestParam String amount) {
			return id + " " + amount + " run " + this.runs.count("limit");
		}

		@Idempotent
		@RequestMapping("/any")
		String any(HttpServletRequest request) {
			return request.getMethod() + " run " + this.runs.count("any");
		}

		@Idempotent
		@PostMapping("/nothing")
		@ResponseStatus(HttpStatus.NO_CONTENT)
		void nothing() {
			this.runs.count("nothing");
		}

		@Idempotent
		@PostMapping(path = "/binary", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
		byte[] binary() {
			byte[] bytes = new byte[256 + this.runs.count("binary")];
			for (int i = 0; i < bytes.length; i++) {
				bytes[i] = (byte) i;
			}
			return bytes;
		}

		@Idempotent
		@PostMapping("/resource")
		Resource resource() {
			return new ByteArrayResource(("run " + this.runs.count("resource")).getBytes(StandardCharsets.UTF_8));
		}

		@Idempotent
		@PostMapping("/large")
		String large(@RequestParam int size) {
			return "x".repeat(size - 1) + this.runs.count("large");
		}

		@Idempotent
		@PostMapping("/direct")
		void direct(HttpServletResponse response) throws IOException {
			response.setContentType("text/plain");
			response.setCharacterEncoding("ISO-8859-1");
			response.getWriter().write("grün run " + this.runs.count("direct"));
			response.flushBuffer();
		}

		@Idempotent
		@PostMapping("/status/{status}")
		ResponseEntity<String> status(@PathVariable int status) {
			return ResponseEntity.status(status).body("run " + this.runs.count("status-" + status));
		}

		@Idempotent
		@PostMapping("/throws/{kind}")
		String throwing(@PathVariable String kind) {
			this.runs.count("throws-" + kind);
			switch (kind) {
				case "handled" -> throw new Broke();
				case "annotated" -> throw new NoFunds();
				case "status" -> throw new ResponseStatusException(HttpStatus.GONE, "it is gone");
				case "server" -> throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "try again");
				default -> throw new IllegalStateException("unhandled");
			}
		}

		@ExceptionHandler
		ResponseEntity<Map<String, String>> handle(Broke ex) {
			return ResponseEntity.status(422).header("X-Handled", "yes").body(Map.of("error", "broke"));
		}

		@Idempotent
		@PostMapping("/senderror")
		void sendError(HttpServletResponse response) throws IOException {
			response.setHeader("X-Before", "kept");
			response.sendError(410, "gone " + this.runs.count("senderror"));
		}

		@Idempotent
		@PostMapping("/unwritable")
		Unwritable unwritable() {
			this.runs.count("unwritable");
			return new Unwritable();
		}

		@Idempotent(required = false)
		@PostMapping("/optional")
		String optional() {
			return "run " + this.runs.count("optional");
		}

		@Idempotent(key = "#order.account() + ':' + #headers['x-order']", operation = "orders")
		@PostMapping("/orders")
		String order(@RequestBody Payment order) {
			return "run " + this.runs.count("orders");
		}

		@Idempotent(fingerprint = "#payment.account()")
		@PostMapping("/chosen")
		String chosen(@RequestBody Payment payment) {
			return "run " + this.runs.count("chosen");
		}

		@PostMapping("/unprotected")
		String unprotected(@RequestBody String body) {
			return body.length() + " run " + this.runs.count("unprotected");
		}

	}

	/** Handlers that read bodies in every way there is. */
	@RestController
	static class Bodies {

		private final Runs runs;

		Bodies(Runs runs) {
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/body/json")
		String json(@RequestBody Map<String, Object> body) {
			return body + " run " + this.runs.count("json");
		}

		@Idempotent
		@PostMapping("/body/text")
		String text(@RequestBody String body) {
			return body + " run " + this.runs.count("text");
		}

		@Idempotent
		@PostMapping("/body/form")
		String form(@RequestParam String a, @RequestParam List<String> b) {
			return a + b + " run " + this.runs.count("form");
		}

		@Idempotent
		@PostMapping("/body/multipart")
		String multipart(@RequestParam MultipartFile file, @RequestParam String note) throws IOException {
			return file.getOriginalFilename() + new String(file.getBytes(), StandardCharsets.UTF_8) + note + " run "
					+ this.runs.count("multipart");
		}

		@Idempotent
		@PostMapping("/body/stream")
		String stream(HttpServletRequest request) throws IOException {
			return new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8) + " run "
					+ this.runs.count("stream");
		}

		@Idempotent
		@PostMapping("/body/reader")
		String reader(HttpServletRequest request) throws IOException {
			return request.getReader().readLine() + " run " + this.runs.count("reader");
		}

		@Idempotent
		@PostMapping("/body/ignored")
		String ignored(@RequestHeader(required = false) String any) {
			return "run " + this.runs.count("ignored");
		}

	}

	/** Handlers that answer with views. */
	@Controller
	static class Views {

		private final Runs runs;

		Views(Runs runs) {
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/redirect")
		String redirect() {
			return "redirect:/payments/" + this.runs.count("redirect");
		}

	}

	/** A bean that handlers call. */
	@Component
	static class Charges {

		private final Runs runs;

		Charges(Runs runs) {
			this.runs = runs;
		}

		@Idempotent(key = "#item")
		public String charge(String item) {
			return item + " charge " + this.runs.count("charge-" + item);
		}

	}

	/** A handler that makes idempotent calls of its own. */
	@RestController
	static class Baskets {

		private final Charges charges;

		private final Runs runs;

		Baskets(Charges charges, Runs runs) {
			this.charges = charges;
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/baskets")
		List<String> basket(@RequestBody List<String> items) {
			this.runs.count("baskets");
			return items.stream().map(this.charges::charge).toList();
		}

		@GetMapping("/charges/{item}")
		String charge(@PathVariable String item) {
			return this.charges.charge(item);
		}

	}

}
