package io.idempotency.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.RawHttp;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Rule 16 for a client that hangs up, with a reset of its connection, at any moment: the
 * method runs once, its result is stored, and the retry gets it whole.
 */
class HangUpTests {

	/** More than the buffers of two sockets. */
	private static final int LARGE = 8 * 1024 * 1024;

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private static int port;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { Handlers.class },
				"idempotency.http.max-response-size=9MB", "idempotency.memory.max-size=200MB");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
		port = ((WebServerApplicationContext) application).getWebServer().getPort();
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "sync", "future", "deferred", "unread" })
	void rule16BeforeTheHandlerNothingHappens(String kind) throws Exception {
		int before = runs.of(kind);
		try (RawHttp connection = new RawHttp(port)) {
			connection.post("/hang/" + kind, "100000", 3, key(), "Content-Type: text/plain").reset();
		}
		Answer retry = retry(kind, "100000");
		assertThat(retry.status()).isEqualTo(200);
		assertThat(retry.isReplay()).isFalse();
		assertThat(retry.bytes()).hasSize(100_000);
		assertThat(runs.of(kind)).isEqualTo(before + 1);
		assertThat(retry(kind, "100000").isReplay()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "sync", "future", "deferred" })
	void rule16DuringTheHandler(String kind) throws Exception {
		int before = runs.of(kind);
		runs.closeGate();
		try (RawHttp connection = new RawHttp(port)) {
			connection.post("/hang/" + kind, "100000", key(), "Content-Type: text/plain");
			assertThat(runs.entered.await(10, TimeUnit.SECONDS)).isTrue();
			connection.reset();
		}
		assertThat(retry(kind, "100000").problem()).isEqualTo("in-progress");
		runs.gate.countDown();
		assertReplayed(kind, 100_000, before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "sync", "future", "deferred" })
	void rule16WhileTheResponseIsWritten(String kind) throws Exception {
		int before = runs.of(kind);
		try (RawHttp connection = new RawHttp(port)) {
			connection.post("/hang/" + kind, "" + LARGE, key(), "Content-Type: text/plain");
			connection.readSome(1000);
			connection.reset();
		}
		assertReplayed(kind, LARGE, before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "sync", "future", "deferred" })
	void rule16BeforeTheResponseIsRead(String kind) throws Exception {
		int before = runs.of(kind);
		try (RawHttp connection = new RawHttp(port)) {
			connection.post("/hang/" + kind, "" + LARGE, key(), "Content-Type: text/plain");
			// it is stored before its first byte leaves, so it waits for its reader only
			await().until(() -> retry(kind, "" + LARGE).isReplay());
			connection.reset();
		}
		assertReplayed(kind, LARGE, before);
	}

	@Test
	void rule16WhileAResponseIsWrittenThatIsTooLargeToKeep() throws Exception {
		int before = runs.of("own-stream");
		try (RawHttp connection = new RawHttp(port)) {
			connection.post("/hang/own-stream", "", key(), "Content-Type: text/plain");
			connection.readSome(1000);
			connection.reset();
		}
		await().untilAsserted(() -> assertThat(retry("own-stream", "").problem()).isEqualTo("response-not-kept"));
		assertThat(runs.of("own-stream")).isEqualTo(before + 1);
		assertThat(runs.of("own-stream-ended")).isEqualTo(before + 1);
	}

	private void assertReplayed(String kind, int size, int before) {
		await().until(() -> retry(kind, "" + size).isReplay());
		Answer retry = retry(kind, "" + size);
		assertThat(retry.status()).isEqualTo(200);
		assertThat(retry.bytes()).hasSize(size).endsWith("!".getBytes());
		assertThat(runs.of(kind)).isEqualTo(before + 1);
	}

	private String key() {
		return "Idempotency-Key: " + this.key;
	}

	private Answer retry(String kind, String body) {
		return client.post("/hang/" + kind, this.key, body, "Content-Type", "text/plain");
	}

	@RestController
	static class Handlers {

		private final TestHandlers.Runs runs;

		Handlers(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		private ResponseEntity<byte[]> work(String kind, int size) {
			this.runs.count(kind);
			this.runs.pass();
			byte[] body = new byte[size];
			Arrays.fill(body, (byte) '.');
			body[size - 1] = '!';
			return ResponseEntity.ok(body);
		}

		@Idempotent
		@PostMapping("/hang/sync")
		ResponseEntity<byte[]> sync(@RequestBody String size) {
			return work("sync", Integer.parseInt(size));
		}

		@Idempotent
		@PostMapping("/hang/unread")
		ResponseEntity<byte[]> unread() {
			return work("unread", 100_000);
		}

		@Idempotent
		@PostMapping("/hang/future")
		CompletableFuture<ResponseEntity<byte[]>> future(@RequestBody String size) {
			return CompletableFuture.supplyAsync(() -> work("future", Integer.parseInt(size)));
		}

		@Idempotent
		@PostMapping("/hang/deferred")
		DeferredResult<ResponseEntity<byte[]>> deferred(@RequestBody String size) {
			DeferredResult<ResponseEntity<byte[]>> result = new DeferredResult<>();
			Thread worker = new Thread(() -> result.setResult(work("deferred", Integer.parseInt(size))));
			worker.start();
			return result;
		}

		/** Writes until it is done, or until it is told that nobody listens. */
		@Idempotent
		@PostMapping("/hang/own-stream")
		void ownStream(HttpServletResponse response) throws IOException {
			this.runs.count("own-stream");
			OutputStream out = response.getOutputStream();
			byte[] piece = new byte[1024 * 1024];
			for (int i = 0; i < 64; i++) {
				out.write(piece);
				out.flush();
			}
			this.runs.count("own-stream-ended");
		}

	}

}
