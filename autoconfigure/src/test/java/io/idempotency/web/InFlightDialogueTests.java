package io.idempotency.web;

import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Duplicates while the first call still runs, and clients that do not wait for it. */
class InFlightDialogueTests {

	private static final String PAYMENT = "{\"account\":\"alice\",\"amount\":25.00}";

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start("idempotency.lease=600ms", "idempotency.store-timeout=200ms",
				"idempotency.http.retry-after=1500ms");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void rejectedDuplicateGets409AtOnceAndTheReplayLater() throws Exception {
		int before = runs.of("payments");
		double conflicts = conflicts("in_progress");
		CompletableFuture<Answer> first = startFirst("/payments", PAYMENT);
		Answer duplicate = client.post("/payments", this.key, PAYMENT);
		assertThat(duplicate.status()).isEqualTo(409);
		assertThat(duplicate.problem()).isEqualTo("in-progress");
		assertThat(duplicate.header("Retry-After")).isEqualTo("2");
		assertThat(duplicate.text()).contains("\"retryable\":true");
		assertThat(conflicts("in_progress")).isEqualTo(conflicts + 1);
		runs.gate.countDown();
		assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(201);
		Answer later = client.post("/payments", this.key, PAYMENT);
		assertThat(later.isReplay()).isTrue();
		assertThat(later.bytes()).isEqualTo(first.get().bytes());
		assertThat(runs.of("payments")).isEqualTo(before + 1);
	}

	@Test
	void rule7MismatchInFlightIsToldAtOnceAlsoToWaiters() throws Exception {
		CompletableFuture<Answer> first = startFirst("/waiting", "{\"a\":1}");
		Answer other = client.post("/waiting", this.key, "{\"a\":2}");
		assertThat(other.status()).isEqualTo(422);
		assertThat(first.isDone()).isFalse();
		runs.gate.countDown();
		assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
	}

	@Test
	void waitingDuplicatesGetTheFirstAnswer() throws Exception {
		int before = runs.of("waiting");
		CompletableFuture<Answer> first = startFirst("/waiting", "{}");
		double pending = pendingAnswers();
		List<CompletableFuture<Answer>> waiters = IntStream.range(0, 50)
			.mapToObj((i) -> client.postAsync("/waiting", this.key, "{}"))
			.toList();
		await().until(() -> pendingAnswers() >= pending + 50);
		assertThat(waiters).noneMatch(CompletableFuture::isDone);
		runs.gate.countDown();
		byte[] answer = first.get(10, TimeUnit.SECONDS).bytes();
		for (CompletableFuture<Answer> waiter : waiters) {
			assertThat(waiter.get(10, TimeUnit.SECONDS).isReplay()).isTrue();
			assertThat(waiter.get().bytes()).isEqualTo(answer);
		}
		assertThat(runs.of("waiting")).isEqualTo(before + 1);
		assertThat(registry().get("idempotency.duplicates").tag("operation", "POST /waiting").counter().count())
			.isEqualTo(50);
	}

	@Test
	void waitingDuplicateGivesUpAfterItsTimeoutAndHarmsNobody() throws Exception {
		int before = runs.of("impatient");
		CompletableFuture<Answer> first = startFirst("/impatient", "{}");
		long startedAt = System.nanoTime();
		Answer duplicate = client.post("/impatient", this.key, "{}");
		assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt)).isBetween(190L, 3000L);
		assertThat(duplicate.problem()).isEqualTo("in-progress");
		assertThat(duplicate.header("Retry-After")).isNotNull();
		runs.gate.countDown();
		assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
		assertThat(client.post("/impatient", this.key, "{}").text()).isEqualTo(first.get().text());
		assertThat(runs.of("impatient")).isEqualTo(before + 1);
	}

	@Test
	void rule21LeaseIsRenewedWhileTheHandlerRuns() throws Exception {
		int before = runs.of("payments");
		CompletableFuture<Answer> first = startFirst("/payments", PAYMENT);
		long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
		await().atMost(20, TimeUnit.SECONDS).until(() -> {
			assertThat(client.post("/payments", this.key, PAYMENT).status()).isEqualTo(409);
			return System.nanoTime() > until;
		});
		runs.gate.countDown();
		assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(201);
		assertThat(runs.of("payments")).isEqualTo(before + 1);
	}

	@Test
	void rule16ClientThatHangsUpChangesNothing() throws Exception {
		int before = runs.of("payments");
		runs.closeGate();
		int port = ((WebServerApplicationContext) application).getWebServer().getPort();
		try (Socket socket = new Socket("127.0.0.1", port)) {
			// close with a reset, not politely
			socket.setSoLinger(true, 0);
			OutputStream out = socket.getOutputStream();
			out.write(("POST /payments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
					+ "Idempotency-Key: " + this.key + "\r\nContent-Length: " + PAYMENT.length() + "\r\n\r\n" + PAYMENT)
				.getBytes(StandardCharsets.US_ASCII));
			out.flush();
			assertThat(runs.entered.await(10, TimeUnit.SECONDS)).isTrue();
		}
		runs.gate.countDown();
		await().until(() -> client.post("/payments", this.key, PAYMENT).isReplay());
		Answer retry = client.post("/payments", this.key, PAYMENT);
		assertThat(retry.status()).isEqualTo(201);
		assertThat(retry.text()).contains("\"amount\":25.00");
		assertThat(runs.of("payments")).isEqualTo(before + 1);
	}

	@Test
	void rule25GracefulShutdownLetsTheHandlerFinishAndStoresItsResult() throws Exception {
		ConfigurableApplicationContext other = WebTestApplication.start();
		TestHandlers.Runs otherRuns = other.getBean(TestHandlers.Runs.class);
		otherRuns.closeGate();
		CompletableFuture<Answer> first = WebTestApplication.client(other).postAsync("/payments", this.key, PAYMENT);
		assertThat(otherRuns.entered.await(10, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(other::close);
		otherRuns.gate.countDown();
		assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(201);
		closing.get(20, TimeUnit.SECONDS);
	}

	private CompletableFuture<Answer> startFirst(String path, String body) throws InterruptedException {
		runs.closeGate();
		CompletableFuture<Answer> first = client.postAsync(path, this.key, body);
		assertThat(runs.entered.await(10, TimeUnit.SECONDS)).isTrue();
		return first;
	}

	private static double pendingAnswers() {
		var timer = registry().find("idempotency.store").tags("command", "claim", "outcome", "pending").timer();
		return (timer != null) ? timer.count() : 0;
	}

	private static double conflicts(String reason) {
		var counter = registry().find("idempotency.conflicts")
			.tags("operation", "POST /payments", "reason", reason)
			.counter();
		return (counter != null) ? counter.count() : 0;
	}

	private static MeterRegistry registry() {
		return application.getBean(MeterRegistry.class);
	}

}
