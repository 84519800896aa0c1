package io.idempotency.web;

import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.idempotency.Idempotent;
import io.idempotency.OnStoreFailure;
import io.idempotency.PayloadMismatchException;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.testsupport.FlakyStore;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Problems as an application shapes them, and a store that fails around a handler. */
@ExtendWith(OutputCaptureExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProblemDialogueTests {

	private static final String PAYMENT = "{\"account\":\"alice\",\"amount\":25.00}";

	private static ConfigurableApplicationContext application;

	private static FlakyStore store;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(
				new Class<?>[] { FlakyStoreConfiguration.class, ApplicationAdvice.class, Likes.class },
				"idempotency.store=flaky", "idempotency.lease=600ms", "idempotency.store-timeout=100ms",
				"idempotency.http.documentation-uri=https://example.com/problems",
				"idempotency.http.header=X-Request-Key", "idempotency.http.replay-header=X-Replayed");
		store = (FlakyStore) application.getBean("flaky");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@AfterEach
	void heal() {
		store.claimFails = false;
		store.completeFails = false;
		store.releaseFails = false;
	}

	@Test
	void rule17DocumentationUriIsTheBaseOfTypesAndLinked() {
		Answer answer = client.send(client.request("POST", "/payments", PAYMENT));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.text()).contains("\"type\":\"https://example.com/problems#key-missing\"");
		assertThat(answer.header("Link")).isEqualTo("<https://example.com/problems>; rel=\"describedby\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "*/*", "text/html", "application/json", "image/png" })
	void rule17ProblemIsAProblemWhateverTheClientAccepts(String accept) {
		Answer answer = client.send(client.request("POST", "/refunds", "{}", "Accept", accept));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
	}

	@Test
	void rule17ApplicationsAdviceComesFirst() {
		post("/refunds", "{}");
		Answer mismatch = post("/refunds", "[]");
		assertThat(mismatch.status()).isEqualTo(418);
		assertThat(mismatch.text()).isEqualTo("a teapot for POST /refunds");
	}

	@Test
	void headersHaveTheConfiguredNames() {
		post("/refunds", "{}");
		assertThat(post("/refunds", "{}").header("X-Replayed")).isEqualTo("true");
	}

	/** First, as operators are told at most every ten seconds. */
	@Test
	@Order(1)
	void operatorIsToldWhyTheStoreFailedAndTheCallerIsNot(CapturedOutput output) {
		store.claimFails = true;
		await().atMost(15, TimeUnit.SECONDS).until(() -> {
			assertThat(post("/payments", PAYMENT).text()).doesNotContain("made to fail");
			return output.getOut().contains("The store flaky failed");
		});
		assertThat(output).contains(": made to fail");
	}

	@Test
	void rule23StoreThatFailsBeforeTheHandlerIsA503() {
		int before = runs.of("payments");
		store.claimFails = true;
		Answer answer = post("/payments", PAYMENT);
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(answer.header("Retry-After")).isEqualTo("1");
		assertThat(answer.text()).contains("#store-unavailable")
			.contains("\"retryable\":true")
			.doesNotContain("made to fail");
		assertThat(runs.of("payments")).isEqualTo(before);
		store.claimFails = false;
		assertThat(post("/payments", PAYMENT).status()).isEqualTo(201);
	}

	@Test
	void rule23OneOperationMayRunUnprotectedWhereTheOthersAreRefused() {
		store.claimFails = true;
		Answer answer = post("/likes", "{}");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).isEqualTo("liked");
		assertThat(post("/payments", PAYMENT).status()).isEqualTo(503);
	}

	@Test
	void rule16StoreThatFailsAfterTheHandlerDoesNotChangeTheAnswerAndGetsItLater() {
		int before = runs.of("payments");
		store.completeFails = true;
		Answer first = post("/payments", PAYMENT);
		assertThat(first.status()).isEqualTo(201);
		assertThat(post("/payments", PAYMENT).status()).isEqualTo(409);
		store.completeFails = false;
		await().atMost(10, TimeUnit.SECONDS)
			.until(() -> "true".equals(post("/payments", PAYMENT).header("X-Replayed")));
		assertThat(post("/payments", PAYMENT).bytes()).isEqualTo(first.bytes());
		assertThat(runs.of("payments")).isEqualTo(before + 1);
	}

	private Answer post(String path, String body) {
		return client.send(client.request("POST", path, body, "X-Request-Key", this.key));
	}

	@Configuration(proxyBeanMethods = false)
	static class FlakyStoreConfiguration {

		@Bean
		IdempotencyStore flaky() {
			return new FlakyStore();
		}

	}

	@RestController
	static class Likes {

		@Idempotent(onStoreFailure = OnStoreFailure.PROCEED)
		@PostMapping("/likes")
		String like() {
			return "liked";
		}

	}

	@RestControllerAdvice
	static class ApplicationAdvice {

		@ExceptionHandler
		ResponseEntity<String> handle(PayloadMismatchException ex) {
			return ResponseEntity.status(418).body("a teapot for " + ex.getOperation());
		}

	}

}
