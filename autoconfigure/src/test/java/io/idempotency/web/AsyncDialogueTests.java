package io.idempotency.web;

import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Rules 14 and 16 for handlers that answer later, or not in time, or not at all. */
class AsyncDialogueTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { AsyncHandlers.Promises.class });
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@ParameterizedTest
	@CsvSource({ "late-result,late-result", "late-callable,late-callable", "unwritable,async-unwritable" })
	void rule16PromiseThatIsNotKeptInTimeDoesNotFreeTheKey(String path, String name) {
		int before = runs.of(name);
		runs.closeGate();
		Answer first = client.post("/async/" + path, this.key, null);
		assertThat(first.status()).isIn(500, 503);
		assertThat(client.post("/async/" + path, this.key, null).problem()).isEqualTo("response-not-kept");
		runs.gate.countDown();
		assertThat(client.post("/async/" + path, this.key, null).problem()).isEqualTo("response-not-kept");
		assertThat(runs.of(name)).isEqualTo(before + 1);
	}

	@Test
	void rule16ResponseThatTheContainerEndedDoesNotFreeTheKey() {
		assertThat(client.post("/async/never-completed", this.key, null).status()).isEqualTo(500);
		await().untilAsserted(() -> assertThat(client.post("/async/never-completed", this.key, null).problem())
			.isEqualTo("response-not-kept"));
		assertThat(runs.of("never-completed")).isEqualTo(1);
	}

	@Test
	void answerOfATimeoutThatTheHandlerChoseIsStored() {
		runs.closeGate();
		Answer first = client.post("/async/fallback", this.key, null);
		runs.gate.countDown();
		assertThat(first.status()).isEqualTo(202);
		Answer second = client.post("/async/fallback", this.key, null);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo(first.text()).startsWith("ask again");
	}

	@Test
	void rule16FailureOfATimeoutDoesNotFreeTheKeyEvenIfTheHandlerChoseIt() {
		assertThat(client.post("/async/gives-up", this.key, null).status()).isEqualTo(503);
		assertThat(client.post("/async/gives-up", this.key, null).problem()).isEqualTo("response-not-kept");
		assertThat(runs.of("gives-up")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "declared-as-object", "nothing", "completed-at-once", "dispatching" })
	void answersOnceAndIsReplayed(String path) {
		Answer first = client.post("/async/" + path, this.key, null);
		Answer second = client.post("/async/" + path, this.key, null);
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.isReplay()).isFalse();
		assertThat(second.status()).isEqualTo(200);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo(first.text());
		if (!path.equals("nothing")) {
			assertThat(first.text()).startsWith("run ");
		}
	}

	@Test
	void handlersWithoutTheAnnotationAnswerAsEver() {
		Answer first = client.post("/async/unprotected", this.key, null);
		Answer second = client.post("/async/unprotected", this.key, null);
		assertThat(first.text()).startsWith("run ");
		assertThat(second.text()).startsWith("run ").isNotEqualTo(first.text());
	}

	@Test
	void rule16ClientThatHangsUpWhileTheHandlerIsAtWorkChangesNothing() throws Exception {
		runs.closeGate();
		int port = ((WebServerApplicationContext) application).getWebServer().getPort();
		try (Socket socket = new Socket("127.0.0.1", port)) {
			// close with a reset, not politely
			socket.setSoLinger(true, 0);
			OutputStream out = socket.getOutputStream();
			out.write(("POST /async/slow HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: " + this.key
					+ "\r\nContent-Length: 0\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			out.flush();
			assertThat(runs.entered.await(10, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(client.post("/async/slow", this.key, null).problem()).isEqualTo("in-progress");
		runs.gate.countDown();
		await().until(() -> client.post("/async/slow", this.key, null).isReplay());
		assertThat(client.post("/async/slow", this.key, null).text()).isEqualTo("run 1");
		assertThat(runs.of("async-slow")).isEqualTo(1);
	}

}
