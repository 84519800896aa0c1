package io.idempotency.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

import io.idempotency.testsupport.ServerUnderTest;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/**
 * A random way to make a response, the same each time it is followed.
 *
 * @param way through which of Spring's or the servlet API's doors
 * @param status of the response, unless a step sets another
 * @param headers of an entity: names and values
 * @param body of an entity
 * @param steps of a handler that writes by itself
 */
@SuppressWarnings("ArrayRecordComponent")
record ResponseRecipe(Way way, int status, List<String> headers, byte[] body, List<Step> steps) {

	enum Way {

		BYTES, RESOURCE, SERVLET

	}

	interface Action {

		void on(HttpServletResponse response) throws IOException;

	}

	record Step(String text, int error, Action action) {

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** What a handler that ends with an error sends, or 0. */
	int error() {
		return this.steps.stream().mapToInt(Step::error).max().orElse(0);
	}

	/** Whether everything that was set before is taken back. */
	boolean resets() {
		return this.steps.stream().anyMatch((step) -> step.text().equals("reset()"));
	}

	ResponseEntity<byte[]> bytes() {
		return ResponseEntity.status(this.status).headers(entityHeaders()).body(this.body);
	}

	ResponseEntity<Resource> resource() {
		return ResponseEntity.status(this.status).headers(entityHeaders()).body(new ByteArrayResource(this.body));
	}

	private HttpHeaders entityHeaders() {
		HttpHeaders all = new HttpHeaders();
		for (int i = 0; i < this.headers.size(); i += 2) {
			all.add(this.headers.get(i), this.headers.get(i + 1));
		}
		return all;
	}

	void write(HttpServletResponse response) throws IOException {
		for (Step step : this.steps) {
			step.action().on(response);
		}
	}

	@Override
	public String toString() {
		return (this.way != Way.SERVLET)
				? this.way + " " + this.status + " " + this.headers + " " + this.body.length + " bytes"
				: this.steps.stream().map(Step::toString).collect(Collectors.joining(";\n  ", this.way + "\n  ", ""));
	}

	/** Draws recipes. */
	static final class Generator {

		private static final List<Integer> STATUSES = List.of(200, 200, 200, 200, 201, 202, 203, 204, 205, 206, 207,
				226, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 409, 410, 412, 413, 415,
				416, 417, 418, 422, 424, 425, 428, 429, 451, 499, 500, 501, 502, 503, 507, 599);

		private static final List<String> TYPES = List.of("application/json", "application/octet-stream", "text/plain",
				"text/plain;charset=UTF-8", "text/html; charset=iso-8859-1", "text/plain; charset=\"utf-8\"",
				"application/problem+json", "application/vnd.x+json;v=2", "text/csv;header=present;charset=US-ASCII",
				"application/xml", "image/png", "multipart/mixed; boundary=\"a b\"");

		private static final List<String> NAMES = List.of("X-Run", "x-lower", "X_Under", "X-Odd!#$%&'*+.^`|~",
				"X-Outer", "ETag", "Location", "Cache-Control", "Vary", "Link", "Last-Modified", "Content-Language",
				"Content-Disposition", "Retry-After", "WWW-Authenticate", "Set-Cookie", "X-Excluded", "Expires", "Age",
				"Access-Control-Expose-Headers", "Accept-Ranges", "Content-Encoding", "Pragma", "Allow", "P3P", "Via",
				"Warning", "Strict-Transport-Security");

		private static final List<String> VALUES = List.of("a", "", "a, b", "\"v1\"", "W/\"weak\"", "two  spaces",
				"tab\there", "caf\u00e9", "</x>; rel=\"next\"", "Wed, 21 Oct 2015 07:28:00 GMT",
				"a=b; Path=/; HttpOnly", "attachment; filename*=UTF-8''%e2%82%ac", "0", "-1",
				"https://example.org/?a=b&c=d", "de, en");

		private static final List<Integer> SIZES = List.of(0, 0, 1, 17, 511, 512, 513, 8191, 8192, 8193, 16384, 32767,
				32768, 32769);

		private final Random random;

		Generator(Random random) {
			this.random = random;
		}

		ResponseRecipe next() {
			return next(this.random.nextInt(8) == 0 ? this.random.nextInt(70_000) : oneOf(SIZES));
		}

		ResponseRecipe next(int size) {
			Way way = oneOf(List.of(Way.BYTES, Way.RESOURCE, Way.SERVLET, Way.SERVLET, Way.SERVLET));
			int status = oneOf(STATUSES);
			// on Jetty a connection hangs when a handler writes a body to these
			boolean bodiless = List.of(204, 205, 304).contains(status)
					&& ServerUnderTest.current() == ServerUnderTest.JETTY;
			byte[] body = new byte[bodiless ? 0 : size];
			this.random.nextBytes(body);
			return new ResponseRecipe(way, status, (way != Way.SERVLET) ? entityHeaders() : List.of(), body,
					(way == Way.SERVLET) ? steps(status, body) : List.of());
		}

		private List<String> entityHeaders() {
			List<String> headers = new ArrayList<>();
			for (int i = this.random.nextInt(6); i > 0; i--) {
				headers.add(oneOf(NAMES));
				headers.add(oneOf(VALUES));
			}
			if (chance(70)) {
				headers.add("Content-Type");
				headers.add(oneOf(TYPES));
			}
			return headers;
		}

		private List<Step> steps(int status, byte[] body) {
			List<Step> steps = new ArrayList<>();
			boolean stream = chance(50);
			if (chance(20)) {
				steps.add(step("setBufferSize(20000)", (response) -> response.setBufferSize(20_000)));
			}
			if (chance(25)) {
				steps.addAll(forNothing(stream));
			}
			List<Step> head = head(status);
			Collections.shuffle(head, this.random);
			steps.addAll(head);
			switch (this.random.nextInt(8)) {
				case 0 -> {
					// for the container's page, and lost to it without a content type
					steps.removeIf((step) -> step.text().matches("setCharacterEncoding.*|setLocale.*"));
					steps.add(sendError());
				}
				case 1 -> steps.add(sendRedirect());
				default -> {
					if (stream && chance(30)) {
						steps.add(step("setContentLength(" + body.length + ")",
								(response) -> response.setContentLengthLong(body.length)));
					}
					if (chance(20)) {
						steps.add(flushBuffer());
					}
					steps.addAll(stream ? streamed(body) : written(body.length));
				}
			}
			return steps;
		}

		/** What is taken back. */
		private List<Step> forNothing(boolean stream) {
			List<Step> steps = new ArrayList<>();
			steps.add(setStatus(418));
			steps.add(header(true, "X-Lost", "a"));
			// Jetty does not write the byte order mark again after resetBuffer()
			steps.add(setContentType("text/lost;charset=" + ServerUnderTest.on("UTF-16", "UTF-16LE")));
			if (stream) {
				steps.add(step("stream.write(lost)",
						(response) -> response.getOutputStream().write("lost".getBytes(StandardCharsets.UTF_8))));
			}
			else {
				steps.add(step("writer.write(lost)", (response) -> response.getWriter().write("lost")));
			}
			// Jetty drops the charset of a content type that comes after a writer
			boolean whole = chance(50) || (!stream && ServerUnderTest.current() == ServerUnderTest.JETTY);
			steps.add(whole ? step("reset()", HttpServletResponse::reset)
					: step("resetBuffer()", HttpServletResponse::resetBuffer));
			return steps;
		}

		private List<Step> head(int status) {
			List<Step> steps = new ArrayList<>();
			if (chance(80)) {
				steps.add(setStatus(status));
			}
			if (chance(60)) {
				steps.add(setContentType(oneOf(TYPES)));
			}
			if (chance(20)) {
				String encoding = oneOf(List.of("UTF-8", "ISO-8859-1", "utf-16be"));
				steps.add(step("setCharacterEncoding(" + encoding + ")",
						(response) -> response.setCharacterEncoding(encoding)));
			}
			if (chance(15)) {
				Locale locale = oneOf(List.of(Locale.GERMANY, Locale.ENGLISH, Locale.forLanguageTag("zh-Hant-TW")));
				steps.add(step("setLocale(" + locale + ")", (response) -> response.setLocale(locale)));
			}
			if (chance(10)) {
				steps.add(step("addCookie", (response) -> response.addCookie(new Cookie("a", "b"))));
			}
			if (chance(10)) {
				steps.add(step("setIntHeader", (response) -> response.setIntHeader("X-Int", 42)));
			}
			if (chance(10)) {
				steps.add(step("addDateHeader", (response) -> response.addDateHeader("Last-Modified", 1_000_000_000L)));
			}
			if (chance(5)) {
				steps.add(header(true, "Content-Type", oneOf(TYPES)));
			}
			for (int i = this.random.nextInt(6); i > 0; i--) {
				steps.add(header(chance(50), oneOf(NAMES), oneOf(VALUES)));
			}
			return steps;
		}

		private List<Step> streamed(byte[] body) {
			List<Step> steps = new ArrayList<>();
			int part = chance(50) ? body.length : Math.max(1, body.length / (1 + this.random.nextInt(5)));
			for (int start = 0; start < body.length; start += part) {
				int from = start;
				int count = Math.min(part, body.length - start);
				steps.add(step("stream.write(" + count + " bytes)",
						(response) -> response.getOutputStream().write(body, from, count)));
				if (chance(10)) {
					steps.add(chance(50) ? flushBuffer()
							: step("stream.flush()", (response) -> response.getOutputStream().flush()));
				}
			}
			if (chance(25)) {
				steps.add(step("stream.close()", (response) -> {
					OutputStream out = response.getOutputStream();
					out.close();
				}));
			}
			return steps;
		}

		private List<Step> written(int length) {
			List<Step> steps = new ArrayList<>();
			String text = "gr\u00fcn \u20ac ".repeat((length + 23) / 24);
			for (int i = 1 + this.random.nextInt(3); i > 0; i--) {
				steps.add(step("writer.write(" + text.length() + " characters)",
						(response) -> response.getWriter().write(text)));
				if (chance(15)) {
					steps.add(step("writer.flush()", (response) -> response.getWriter().flush()));
				}
			}
			if (chance(25)) {
				steps.add(step("writer.close()", (response) -> {
					Writer writer = response.getWriter();
					writer.close();
				}));
			}
			return steps;
		}

		private Step sendError() {
			int status = oneOf(List.of(400, 404, 410, 422, 451, 500, 503));
			return chance(50) ? new Step("sendError(" + status + ")", status, (response) -> response.sendError(status))
					: new Step("sendError(" + status + ", text)", status,
							(response) -> response.sendError(status, "<no> \"way\""));
		}

		private Step sendRedirect() {
			String target = oneOf(List.of("/elsewhere?a=b", "next", "https://example.org/x", "../up", "?q=1"));
			return switch (this.random.nextInt(3)) {
				case 0 -> step("sendRedirect(" + target + ")", (response) -> response.sendRedirect(target));
				case 1 -> step("sendRedirect(" + target + ", 303)", (response) -> response.sendRedirect(target, 303));
				default ->
					step("sendRedirect(" + target + ", false)", (response) -> response.sendRedirect(target, false));
			};
		}

		private static Step flushBuffer() {
			return step("flushBuffer()", HttpServletResponse::flushBuffer);
		}

		private static Step setStatus(int status) {
			return step("setStatus(" + status + ")", (response) -> response.setStatus(status));
		}

		private static Step setContentType(String type) {
			return step("setContentType(" + type + ")", (response) -> response.setContentType(type));
		}

		private static Step header(boolean sets, String name, String value) {
			return sets ? step("setHeader(" + name + ", " + value + ")", (response) -> response.setHeader(name, value))
					: step("addHeader(" + name + ", " + value + ")", (response) -> response.addHeader(name, value));
		}

		private static Step step(String text, Action action) {
			return new Step(text, 0, action);
		}

		private boolean chance(int percent) {
			return this.random.nextInt(100) < percent;
		}

		private <T> T oneOf(List<T> values) {
			return values.get(this.random.nextInt(values.size()));
		}

	}

}
