package io.idempotency.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

import com.google.protobuf.StringValue;
import io.idempotency.Idempotent;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpEntity;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers that read their bodies in every way and order, twice: once annotated and once
 * not.
 */
final class BodyHandlers {

	private BodyHandlers() {
	}

	record Order(String account, BigDecimal amount) {
	}

	static class OrderForm {

		private String a = "none";

		public String getA() {
			return this.a;
		}

		public void setA(String a) {
			this.a = a;
		}

	}

	/** What all of them do; nothing here counts, so that answers are comparable. */
	abstract static class Reading {

		/** Reads in the order that the path names, and says what came of each step. */
		@RequestMapping("/steps/{steps}")
		String steps(HttpServletRequest request) {
			String steps = request.getRequestURI().replaceFirst(".*/steps/", "");
			StringBuilder seen = new StringBuilder(request.getMethod());
			for (String step : steps.split("-")) {
				seen.append('|').append(step).append('=').append(step(request, step));
			}
			return seen.toString();
		}

		private static String step(HttpServletRequest request, String step) {
			try {
				return switch (step) {
					case "stream" -> new String(request.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
					case "one" -> "" + request.getInputStream().read();
					case "close" -> {
						request.getInputStream().close();
						yield "closed";
					}
					case "reader" -> String.valueOf(request.getReader().readLine());
					case "parameter" -> request.getParameter("a");
					case "map" -> parameters(request.getParameterMap());
					case "names" -> String.join(",", request.getParameterMap().keySet());
					case "values" -> Arrays.toString(request.getParameterValues("a"));
					case "parts" -> parts(request);
					case "part" -> {
						Part part = request.getPart("a");
						yield (part != null) ? new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
								: "null";
					}
					case "latin" -> {
						request.setCharacterEncoding("ISO-8859-1");
						yield request.getCharacterEncoding();
					}
					default -> throw new IllegalArgumentException(step);
				};
			}
			catch (IllegalStateException ex) {
				return "illegal state";
			}
			catch (IOException | ServletException ex) {
				return ex.getClass().getSimpleName();
			}
		}

		private static String parameters(Map<String, String[]> parameters) {
			Map<String, List<String>> map = new TreeMap<>();
			parameters.forEach((name, values) -> map.put(name, List.of(values)));
			return map.toString();
		}

		private static String parts(HttpServletRequest request) throws IOException, ServletException {
			StringBuilder text = new StringBuilder();
			for (Part part : request.getParts()) {
				text.append(part.getName())
					.append(':')
					.append(part.getSubmittedFileName())
					.append(':')
					.append(part.getContentType())
					.append(':')
					.append(new String(part.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
					.append(';');
			}
			return text.toString();
		}

		/** Asks for a parameter and does not expect a failure. */
		@RequestMapping("/asks")
		String asks(HttpServletRequest request) {
			return "a=" + request.getParameter("a");
		}

		@RequestMapping("/string")
		String string(@RequestBody String body, HttpServletRequest request) {
			return body + "|" + request.getParameter("a");
		}

		@RequestMapping("/bytes")
		String bytes(@RequestBody byte[] body) {
			return Arrays.toString(body);
		}

		@RequestMapping("/entity")
		String entity(HttpEntity<byte[]> entity) {
			byte[] body = entity.getBody();
			return entity.getHeaders().getContentType() + "|" + Arrays.toString(body);
		}

		/** How many bytes, and their sum: for bodies that are too large to be echoed. */
		@RequestMapping("/drain")
		String drain(InputStream body) throws IOException {
			CRC32 sum = new CRC32();
			byte[] chunk = new byte[1024];
			long total = 0;
			for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
				sum.update(chunk, 0, count);
				total += count;
			}
			return total + "|" + sum.getValue();
		}

		@RequestMapping("/json")
		String json(@RequestBody Map<String, Object> body) {
			return new TreeMap<>(body).toString();
		}

		@RequestMapping("/order")
		Order order(@RequestBody Order order) {
			return order;
		}

		@RequestMapping("/form")
		String form(@RequestBody MultiValueMap<String, String> body) {
			return new TreeMap<>(body).toString();
		}

		@RequestMapping("/parameter")
		String parameter(@RequestParam(required = false) List<String> a, HttpServletRequest request)
				throws IOException {
			return a + "|" + new String(request.getInputStream().readAllBytes(), Charset.defaultCharset());
		}

		@RequestMapping("/model")
		String model(@ModelAttribute OrderForm form) {
			return form.getA();
		}

		@RequestMapping("/stream-argument")
		String streamArgument(InputStream body, HttpServletRequest request) throws IOException {
			return new String(body.readAllBytes(), StandardCharsets.ISO_8859_1) + "|" + request.getParameter("a");
		}

		@RequestMapping("/reader-argument")
		String readerArgument(Reader body, HttpServletRequest request) throws IOException {
			return new BufferedReader(body).readLine() + "|" + request.getParameter("a");
		}

		@RequestMapping("/files")
		String files(@RequestParam(name = "f", required = false) List<MultipartFile> files,
				@RequestParam(required = false) String a) throws IOException {
			StringBuilder text = new StringBuilder("" + a);
			for (MultipartFile file : (files != null) ? files : List.<MultipartFile>of()) {
				text.append('|')
					.append(file.getOriginalFilename())
					.append(file.getContentType())
					.append(Arrays.hashCode(file.getBytes()));
			}
			return text.toString();
		}

		@RequestMapping("/json-part")
		String jsonPart(@RequestPart Order order, @RequestPart(required = false) MultipartFile f) throws IOException {
			return order + "|" + ((f != null) ? f.getSize() : -1);
		}

		@RequestMapping(path = "/xml", consumes = MediaType.APPLICATION_XML_VALUE,
				produces = MediaType.APPLICATION_XML_VALUE)
		Order xml(@RequestBody Order order) {
			return order;
		}

		@RequestMapping(path = "/cbor", consumes = MediaType.APPLICATION_CBOR_VALUE,
				produces = MediaType.APPLICATION_CBOR_VALUE)
		Order cbor(@RequestBody Order order) {
			return order;
		}

		@RequestMapping(path = "/protobuf", consumes = "application/x-protobuf", produces = "application/x-protobuf")
		StringValue protobuf(@RequestBody StringValue value) {
			return StringValue.of(value.getValue() + "!");
		}

	}

	@RestController
	@RequestMapping("/with")
	@Idempotent
	static class Annotated extends Reading {

	}

	@RestController
	@RequestMapping("/without")
	static class Plain extends Reading {

	}

	/** Holds an answer up while the key is claimed, if the request asks for it. */
	@RestControllerAdvice
	static class Gate implements ResponseBodyAdvice<Object> {

		static final String HEADER = "X-Hold";

		volatile CountDownLatch entered = new CountDownLatch(1);

		volatile CountDownLatch open = new CountDownLatch(1);

		void close() {
			this.entered = new CountDownLatch(1);
			this.open = new CountDownLatch(1);
		}

		@Override
		public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
			return true;
		}

		@Override
		public Object beforeBodyWrite(Object body, MethodParameter type, MediaType contentType,
				Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
				ServerHttpResponse response) {
			if (request.getHeaders().containsHeader(HEADER)) {
				this.entered.countDown();
				try {
					assertThat(this.open.await(20, TimeUnit.SECONDS)).isTrue();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return body;
		}

	}

}
