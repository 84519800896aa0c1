package io.idempotency.web;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Recovery HOLD as a caller sees it. */
class RecoveryDialogueTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { RecoveryHandlers.class });
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@ParameterizedTest
	@CsvSource({ "/held/throws/unhandled,held-unhandled,500", "/held/throws/handled,held-handled,500",
			"/held/throws/status,held-status,502", "/held/later,held-later,500" })
	void rule13ExceptionHoldsTheKey(String path, String name, int status) {
		assertThat(client.post(path, this.key, null).status()).isEqualTo(status);
		for (int i = 0; i < 2; i++) {
			Answer duplicate = client.post(path, this.key, null);
			assertThat(duplicate.status()).isEqualTo(409);
			assertThat(duplicate.problem()).isEqualTo("outcome-unknown");
			assertThat(duplicate.header("Retry-After")).isNull();
			assertThat(duplicate.text()).contains("\"retryable\":false");
		}
		assertThat(client.post(path + "?other", this.key, null).problem()).isEqualTo("payload-mismatch");
		assertThat(runs.of(name)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 409, 429, 500, 503 })
	void rule12StatusThatTheHandlerChoseFreesTheKey(int status) {
		Answer first = client.post("/held/status/" + status, this.key, null);
		Answer second = client.post("/held/status/" + status, this.key, null);
		assertThat(second.status()).isEqualTo(status);
		assertThat(second.text()).isNotEqualTo(first.text());
	}

	@Test
	void exceptionThatSaysNotNowFreesTheKey() {
		assertThat(client.post("/held/throws/conflict", this.key, null).status()).isEqualTo(409);
		client.post("/held/throws/conflict", this.key, null);
		assertThat(runs.of("held-conflict")).isEqualTo(2);
	}

	@Test
	void exceptionThatIsAFinalAnswerIsStored() {
		assertThat(client.post("/held/throws/gone", this.key, null).status()).isEqualTo(410);
		assertThat(client.post("/held/throws/gone", this.key, null).isReplay()).isTrue();
		assertThat(runs.of("held-gone")).isEqualTo(1);
	}

	@Test
	void duplicateInFlightIsToldToComeAgain() throws Exception {
		runs.closeGate();
		CompletableFuture<Answer> first = client.postAsync("/held/slow", this.key, null);
		assertThat(runs.entered.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(client.post("/held/slow", this.key, null).problem()).isEqualTo("in-progress");
		runs.gate.countDown();
		assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
		assertThat(client.post("/held/slow", this.key, null).isReplay()).isTrue();
	}

}
