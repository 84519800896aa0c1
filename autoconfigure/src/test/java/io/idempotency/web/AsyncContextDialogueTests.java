package io.idempotency.web;

import java.util.UUID;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rule 14 for the servlet API's own asynchronous side, and for filters that take part in
 * it: each answer is the one that the same handler gives without the annotation.
 */
class AsyncContextDialogueTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { AsyncContextHandlers.class, AsyncFilters.class },
				"idempotency.lease=2s");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	private Answer plain(String path, String... headers) {
		return client.send(client.request("POST", "/plain/" + path, null, headers));
	}

	private Answer idempotent(String path, String... headers) {
		return client.post("/idempotent/" + path, this.key, null, headers);
	}

	@ParameterizedTest
	@ValueSource(strings = { "listener-completes", "written-after-complete", "dispatches-to-itself",
			"listener-dispatches", "completed-later" })
	void answersAsWithoutUsOnceAndIsReplayed(String path) {
		Answer plain = plain(path);
		Answer first = idempotent(path);
		Answer second = idempotent(path);
		assertThat(plain.text()).isNotEmpty();
		assertThat(first.status()).isEqualTo(plain.status());
		assertThat(first.text()).isEqualTo(plain.text().replace("run 1", "run 2"));
		assertThat(second.isReplay()).isTrue();
		assertThat(second.status()).isEqualTo(first.status());
		assertThat(second.text()).isEqualTo(first.text());
		assertThat(runs.of(path)).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { AsyncFilters.REFUSES, AsyncFilters.REFUSES_WITH_A_BODY })
	void rule16FilterThatRefusesTheLaterDispatchIsHeardAndTheKeyStaysTaken(String how) {
		int before = runs.of("callable");
		Answer plain = plain("callable", how, "1");
		Answer first = idempotent("callable", how, "1");
		// Jetty looks for an error page before it says what the error was
		boolean body = how.equals(AsyncFilters.REFUSES_WITH_A_BODY);
		assertThat(plain.status()).isEqualTo((body || ServerUnderTest.on(true, false)) ? 403 : 404);
		assertThat(first.status()).isEqualTo(plain.status());
		if (body) {
			assertThat(first.text()).isEqualTo("denied").isEqualTo(plain.text());
		}
		assertThat(idempotent("callable").problem()).isEqualTo("response-not-kept");
		assertThat(runs.of("callable")).isEqualTo(before + 2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "timed-out-unavailable", "timed-out-dispatch" })
	void rule16AnswerToATimeoutDoesNotFreeTheKey(String path) {
		assertThat(idempotent(path).status()).isEqualTo(503);
		assertThat(idempotent(path).problem()).isEqualTo("response-not-kept");
		assertThat(runs.of(path)).isEqualTo(1);
	}

	@Test
	void handlerInsideOfAFilterThatAnswersLaterIsStored() {
		Answer first = idempotent("whole", AsyncFilters.STARTS, "1");
		Answer second = idempotent("whole");
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.text()).isEqualTo("run 1");
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo("run 1");
	}

	@Test
	void rule16PromiseThatNobodyCanWaitForDoesNotFreeTheKey() {
		runs.closeGate();
		assertThat(idempotent("future", AsyncFilters.CANNOT, "1").status()).isEqualTo(500);
		assertThat(idempotent("future").problem()).isEqualTo("response-not-kept");
		runs.gate.countDown();
		assertThat(idempotent("future").problem()).isEqualTo("response-not-kept");
		assertThat(runs.of("future")).isEqualTo(1);
	}

	@Test
	void taskThatNobodyCanWaitForHasNotBegunSoItsKeyIsFree() {
		assertThat(idempotent("task", AsyncFilters.CANNOT, "1").status()).isEqualTo(500);
		assertThat(runs.of("task")).isZero();
		assertThat(idempotent("task").text()).isEqualTo("run 1");
	}

}
