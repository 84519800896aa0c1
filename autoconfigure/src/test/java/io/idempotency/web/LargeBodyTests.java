package io.idempotency.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.RawConnection;
import io.idempotency.testsupport.ServerUnderTest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rule 9: bodies of idempotent handlers are bounded, all others are neither bounded nor
 * copied; files are not read into memory.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LargeBodyTests {

	private static final int MEGABYTE = 1 << 20;

	/** Jetty allocates more than the body for many of them, with us or without. */
	private static final int COLD_REQUESTS = 8;

	private static final String TYPE = "multipart/form-data; boundary=x";

	private ConfigurableApplicationContext small;

	private ConfigurableApplicationContext large;

	private ConfigurableApplicationContext without;

	/** Each says who gives it its stream. */
	@Configuration(proxyBeanMethods = false)
	@RestController
	static class Uploads {

		private final AtomicInteger runs = new AtomicInteger();

		AtomicInteger runs() {
			return this.runs;
		}

		@Idempotent
		@PostMapping("/uploads")
		String upload(@RequestParam MultipartFile file) {
			return file.getSize() + " run " + this.runs.incrementAndGet();
		}

		@Idempotent
		@PostMapping("/ignored")
		String ignored() {
			return "run " + this.runs.incrementAndGet();
		}

		@PostMapping("/plain/upload")
		String plainUpload(@RequestParam MultipartFile file) {
			return file.getSize() + " plain";
		}

		@PostMapping("/plain")
		String plain(HttpServletRequest request) throws IOException {
			return drain(request);
		}

		@Bean
		RouterFunction<ServerResponse> functional() {
			return RouterFunctions.route()
				.POST("/functional", (request) -> ServerResponse.ok().body(drain(request.servletRequest())))
				.build();
		}

		@Bean
		ServletRegistrationBean<HttpServlet> servlet() {
			return new ServletRegistrationBean<>(new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
					response.getWriter().write(drain(request));
				}

			}, "/servlet/*");
		}

		private static String drain(HttpServletRequest request) throws IOException {
			InputStream body = request.getInputStream();
			long total = 0;
			byte[] chunk = new byte[8192];
			for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
				total += count;
			}
			return body.getClass().getName() + " " + total;
		}

	}

	@BeforeAll
	void start() {
		Class<?>[] sources = { Uploads.class, AllocationFilter.class };
		this.small = WebTestApplication.start(sources, "idempotency.http.max-request-size=1KB");
		this.large = WebTestApplication.start(sources, "idempotency.http.max-request-size=64MB",
				"spring.servlet.multipart.max-file-size=64MB", "spring.servlet.multipart.max-request-size=64MB",
				"spring.servlet.multipart.file-size-threshold=0");
		this.without = WebTestApplication.start(sources, "idempotency.enabled=false");
	}

	@AfterAll
	void stop() {
		this.small.close();
		this.large.close();
		this.without.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void rule9MultipartThatIsTooLargeIsRefusedBeforeTheMethod(boolean chunked) {
		String key = UUID.randomUUID().toString();
		AtomicInteger runs = this.small.getBean(Uploads.class).runs();
		int before = runs.get();
		Answer refused = upload(this.small, key, "/uploads", 2000, 'a', chunked);
		assertThat(refused.status()).isEqualTo(413);
		assertThat(refused.problem()).isEqualTo("request-too-large");
		assertThat(runs).hasValue(before);
		assertThat(upload(this.small, key, "/plain/upload", 2000, 'a', chunked).text()).isEqualTo("2001 plain");
		// nothing was claimed
		assertThat(upload(this.small, key, "/uploads", 500, 'a', chunked).text()).startsWith("501 run");
		assertThat(runs).hasValue(before + 1);
	}

	/** Jetty hangs up on bodies that nobody reads, which the client may see first. */
	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 2000", "Transfer-Encoding: chunked" })
	void rule9RefusalReachesAClientThatIsStillSending(String length) throws Exception {
		boolean chunked = length.startsWith("Transfer");
		try (RawConnection connection = new RawConnection(
				((WebServerApplicationContext) this.small).getWebServer().getPort())) {
			connection.send("POST /ignored HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: " + UUID.randomUUID()
					+ "\r\n" + length + "\r\n\r\n" + (chunked ? "7d0\r\n" : "") + "x".repeat(1100));
			Thread.sleep(300);
			connection.send("x".repeat(900));
			Thread.sleep(300);
			if (chunked) {
				connection.send("\r\n0\r\n\r\n");
			}
			RawConnection.Answer answer = connection.read();
			assertThat(answer.status()).isEqualTo(413);
			assertThat(answer.body()).contains("request-too-large");
			if (!answer.last()) {
				connection.send("POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
				assertThat(connection.read().body()).endsWith(" 1");
			}
		}
	}

	/** It stands although the rest never comes. */
	@Test
	void rule9RefusalDoesNotDependOnTheRest() throws Exception {
		try (RawConnection connection = new RawConnection(
				((WebServerApplicationContext) this.small).getWebServer().getPort())) {
			connection.send("POST /ignored HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: " + UUID.randomUUID()
					+ "\r\nContent-Length: 2000\r\n\r\n" + "x".repeat(1100));
			connection.endRequests();
			// Tomcat has its own answer to a request that ends early
			assertThat(connection.read().status()).isEqualTo(ServerUnderTest.on(400, 413));
		}
	}

	/** A client that asks first, or has much too much to say, is answered at once. */
	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 2000\r\nExpect: 100-continue", "Content-Length: 3000" })
	void rule9RefusalDoesNotWaitForWhatIsMuchTooLarge(String headers) throws Exception {
		try (RawConnection connection = new RawConnection(
				((WebServerApplicationContext) this.small).getWebServer().getPort())) {
			connection.send("POST /ignored HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: " + UUID.randomUUID()
					+ "\r\n" + headers + "\r\n\r\n");
			int status = connection.read().status();
			// Tomcat encourages every client that asks
			assertThat((status == 100) ? connection.read().status() : status).isEqualTo(413);
		}
	}

	@Test
	void rule8FilesAreComparedAndNotReadIntoMemory() {
		String key = UUID.randomUUID().toString();
		int size = 32 * MEGABYTE;
		Answer first = upload(this.large, key, "/uploads", size, 'a', false);
		assertThat(first.text()).startsWith(size + 1 + " run");
		assertThat(allocated()).isLessThan(4L * MEGABYTE);
		Answer replay = upload(this.large, key, "/uploads", size, 'a', true);
		assertThat(replay.isReplay()).isTrue();
		assertThat(replay.text()).isEqualTo(first.text());
		assertThat(upload(this.large, key, "/uploads", size, 'b', false).problem()).isEqualTo("payload-mismatch");
		assertThat(allocated()).isLessThan(4L * MEGABYTE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/plain", "/functional", "/servlet/any" })
	void rule9BodiesOfOthersAreNeitherBoundedNorCopied(String path) {
		long without = ServerUnderTest.on(0L, leastAllocated(this.without, path));
		assertThat(leastAllocated(this.small, path)).isLessThan(without + 4L * MEGABYTE);
	}

	private static long leastAllocated(ConfigurableApplicationContext application, String path) {
		int size = 8 * MEGABYTE;
		HttpDialogue client = WebTestApplication.client(application);
		long least = Long.MAX_VALUE;
		for (int i = 0; i < ServerUnderTest.on(1, COLD_REQUESTS); i++) {
			Answer answer = client
				.send(client.request("POST", path, null, "Idempotency-Key", "any").POST(zeros(size, new byte[0])));
			assertThat(answer.text()).startsWith(ServerUnderTest.on("org.apache.catalina", "org.eclipse.jetty"))
				.endsWith(" " + size);
			least = Math.min(least, application.getBean(AllocationFilter.class).last());
		}
		return least;
	}

	@Test
	void rule9StaticResourcesAreServedWhateverTheBody() {
		HttpDialogue client = WebTestApplication.client(this.small);
		Answer answer = client.send(client.request("GET", "/static-resource.txt", "x".repeat(MEGABYTE)));
		assertThat(answer.text()).isEqualTo("static\n");
		assertThat(this.small.getBean(AllocationFilter.class).last()).isLessThan(4L * MEGABYTE);
	}

	private long allocated() {
		return this.large.getBean(AllocationFilter.class).last();
	}

	/** A file of zeros and one last byte. */
	private static Answer upload(ConfigurableApplicationContext application, String key, String path, int size,
			char last, boolean chunked) {
		byte[] head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"
			.getBytes(StandardCharsets.US_ASCII);
		byte[] tail = (last + "\r\n--x--\r\n").getBytes(StandardCharsets.US_ASCII);
		HttpDialogue client = WebTestApplication.client(application);
		BodyPublisher body = BodyPublishers.concat(BodyPublishers.ofByteArray(head), zeros(size, tail));
		if (!chunked) {
			body = BodyPublishers.fromPublisher(body, head.length + size + tail.length);
		}
		return client.send(client.request("POST", path, null, "Idempotency-Key", key, "Content-Type", TYPE).POST(body));
	}

	private static BodyPublisher zeros(int size, byte[] tail) {
		byte[] block = new byte[1024];
		return BodyPublishers.ofInputStream(() -> {
			List<InputStream> blocks = new ArrayList<>();
			for (int rest = size; rest > 0; rest -= block.length) {
				blocks.add(new ByteArrayInputStream(block, 0, Math.min(rest, block.length)));
			}
			blocks.add(new ByteArrayInputStream(tail));
			return new SequenceInputStream(Collections.enumeration(blocks));
		});
	}

}
