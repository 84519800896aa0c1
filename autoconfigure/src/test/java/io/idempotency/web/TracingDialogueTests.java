package io.idempotency.web;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.RecordedSpans;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/** The trace of a request, as Spring Boot has OpenTelemetry export it. */
class TracingDialogueTests {

	private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("operation");

	private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");

	private static final AttributeKey<String> RECORD = AttributeKey.stringKey("record");

	private static final String SECRET = "4111-1111";

	private static final String BODY = "{\"card\":\"" + SECRET + "\"}";

	private static ConfigurableApplicationContext application;

	private static HttpDialogue client;

	private static RecordedSpans spans;

	private static TestHandlers.Runs runs;

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { Handlers.class, RecordedSpans.class },
				RecordedSpans.ALL);
		client = WebTestApplication.client(application);
		spans = application.getBean(RecordedSpans.class);
		runs = application.getBean(TestHandlers.Runs.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void forget() {
		spans.forget();
	}

	@Test
	void firstCallAndReplayAreSpansOfTheirRequestsAndOfOneRecord() {
		client.post("/traced/pay", "key-replayed", BODY);
		SpanData first = operationOfRequest("/traced/pay");
		assertOutcome(first, "/traced/pay", "executed");
		spans.forget();

		assertThat(client.post("/traced/pay", "key-replayed", BODY).isReplay()).isTrue();
		SpanData replay = operationOfRequest("/traced/pay");
		assertOutcome(replay, "/traced/pay", "replayed");
		assertThat(replay.getAttributes().get(RECORD)).isEqualTo(first.getAttributes().get(RECORD));
		assertThat(replay.getTraceId()).isNotEqualTo(first.getTraceId());
		assertThat(replay.getLinks()).isEmpty();
	}

	@Test
	void conflictIsASpanOfItsRequest() {
		runs.closeGate();
		CompletableFuture<Answer> running = client.postAsync("/traced/pay", "key-conflict", BODY);
		try {
			assertThat(await(runs)).isTrue();
			assertThat(client.post("/traced/pay", "key-conflict", BODY).problem()).isEqualTo("in-progress");
			assertOutcome(operationOfRequest("/traced/pay"), "/traced/pay", "in_progress");
			spans.forget();
		}
		finally {
			runs.gate.countDown();
		}
		assertThat(running.join().status()).isEqualTo(200);
		assertOutcome(operationOfRequest("/traced/pay"), "/traced/pay", "executed");
	}

	@Test
	void mismatchIsASpanOfItsRequest() {
		client.post("/traced/pay", "key-mismatch", BODY);
		operationOfRequest("/traced/pay");
		spans.forget();
		assertThat(client.post("/traced/pay", "key-mismatch", "{\"card\":\"4000\"}").problem())
			.isEqualTo("payload-mismatch");
		assertOutcome(operationOfRequest("/traced/pay"), "/traced/pay", "payload_mismatch");
	}

	@Test
	void callWithoutAKeyIsASpanWithoutARecord() {
		assertThat(client.send(client.request("POST", "/traced/pay", BODY)).problem()).isEqualTo("key-missing");
		SpanData refused = operationOfRequest("/traced/pay");
		assertThat(refused.getAttributes().get(OUTCOME)).isEqualTo("key_missing");
		assertThat(refused.getAttributes().get(RECORD)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/traced/failing", "/traced/failing-later", "/traced/failing-task" })
	void failureIsNamedByItsTypeOnly(String path) {
		assertThat(client.post(path, "key-failed", BODY).status()).isEqualTo(500);
		SpanData failed = operationOfRequest(path);
		assertOutcome(failed, path, "failed");
		assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
		assertThat(failed.getStatus().getDescription()).isEqualTo(IllegalStateException.class.getName());
		assertThat(failed.getEvents()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/traced/pay", "/traced/later", "/traced/task" })
	void whatTheMethodDoesIsPartOfItsSpan(String path) {
		assertThat(client.post(path, "key-parent", BODY).status()).isEqualTo(200);
		SpanData operation = operationOfRequest(path);
		assertOutcome(operation, path, "executed");
		assertThat(spans.await("charge").getParentSpanId()).isEqualTo(operation.getSpanId());
	}

	@Test
	void callsOfOtherOperationsArePartOfTheSpanAround() {
		client.post("/baskets", "key-basket", "[\"traced-item\"]");
		SpanData operation = operationOfRequest("/baskets");
		String inner = spans.all()
			.stream()
			.filter((span) -> operation.getSpanId().equals(span.getParentSpanId()))
			.map(SpanData::getName)
			.findFirst()
			.orElseThrow();
		assertThat(inner).startsWith("idempotent ").contains("Charges.charge");
	}

	/**
	 * Every thread that served is asked, without a body: where a method has not read one
	 * that is still under way, Jetty closes the connection after the answer.
	 */
	@Test
	void threadsOfTheServerKeepNoObservation() {
		for (int i = 0; i < 20; i++) {
			client.post("/traced/pay", "kept-" + i, BODY);
			client.post("/traced/failing", "kept-" + i, BODY);
			assertThat(client.send(client.request("POST", "/traced/plain", null)).text())
				.isEqualTo("http.server.requests");
		}
	}

	@Test
	void eachCallIsTimedOnce() {
		client.post("/traced/pay", "key-timed", BODY);
		MeterRegistry meters = application.getBean(MeterRegistry.class);
		assertThat(meters.getMeters()).map(Meter::getId)
			.filteredOn((id) -> id.getName().startsWith("idempotency.operations"))
			.isNotEmpty()
			.allSatisfy((id) -> {
				assertThat(id.getName()).isEqualTo("idempotency.operations");
				assertThat(id.getTags()).map(Tag::getKey).containsExactly("operation", "outcome");
			});
		assertThat(meters.find("http.server.requests").timers()).isNotEmpty();
	}

	private static boolean await(TestHandlers.Runs runs) {
		try {
			return runs.entered.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The span of the only operation of the only request. */
	private static SpanData operationOfRequest(String path) {
		SpanData operation = spans.await("idempotent POST " + path);
		// what ends with an exception is called after its error page
		SpanData request = spans.awaitParent(operation);
		assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
		assertThat(operation.getTraceId()).isEqualTo(request.getTraceId());
		assertThat(operation.getKind()).isEqualTo(SpanKind.INTERNAL);
		assertThat(operation.toString()).doesNotContain("key-").doesNotContain(SECRET).doesNotContain("card");
		assertThat(operation.getAttributes().asMap().keySet()).map(AttributeKey::getKey)
			.isSubsetOf("operation", "outcome", "record");
		return operation;
	}

	private static void assertOutcome(SpanData operation, String path, String outcome) {
		assertThat(operation.getAttributes().get(OPERATION)).isEqualTo("POST " + path);
		assertThat(operation.getAttributes().get(OUTCOME)).isEqualTo(outcome);
		assertThat(operation.getAttributes().get(RECORD)).hasSize(22);
		if (!outcome.equals("failed")) {
			assertThat(operation.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
			assertThat(operation.getEvents()).isEmpty();
		}
	}

	@RestController
	static class Handlers {

		private final ObservationRegistry observations;

		private final TestHandlers.Runs runs;

		Handlers(ObservationRegistry observations, TestHandlers.Runs runs) {
			this.observations = observations;
			this.runs = runs;
		}

		private String charge() {
			return Observation.createNotStarted("charge", this.observations).observe(() -> "charged");
		}

		private static String fail() {
			throw new IllegalStateException("The card " + SECRET + " was declined");
		}

		@PostMapping("/traced/plain")
		String plain() {
			return this.observations.getCurrentObservation().getContextView().getName();
		}

		@Idempotent
		@PostMapping("/traced/pay")
		String pay(@RequestBody String body) {
			this.runs.pass();
			return charge();
		}

		@Idempotent
		@PostMapping("/traced/task")
		Callable<String> task() {
			return this::charge;
		}

		@Idempotent
		@PostMapping("/traced/later")
		CompletableFuture<String> later() {
			String charged = charge();
			return CompletableFuture.supplyAsync(() -> charged);
		}

		@Idempotent
		@PostMapping("/traced/failing")
		String failing() {
			return fail();
		}

		@Idempotent
		@PostMapping("/traced/failing-task")
		Callable<String> failingTask() {
			return Handlers::fail;
		}

		@Idempotent
		@PostMapping("/traced/failing-later")
		CompletableFuture<String> failingLater() {
			return CompletableFuture.supplyAsync(Handlers::fail);
		}

	}

}
