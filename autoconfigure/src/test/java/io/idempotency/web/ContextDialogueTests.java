package io.idempotency.web;

import java.net.http.HttpRequest;
import java.util.concurrent.Callable;

import io.idempotency.IdempotencyContext;
import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/** What handlers learn of their operation, in whatever thread they do their work. */
class ContextDialogueTests {

	private static ConfigurableApplicationContext application;

	private static HttpDialogue client;

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { Handlers.class });
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	private static String seen() {
		return IdempotencyContext.current().map(IdempotencyContext::operation).orElse("none");
	}

	private static String post(String path, String key) {
		HttpRequest.Builder request = client.request("POST", path, "{}");
		return client.send((key != null) ? request.header("Idempotency-Key", key) : request).text();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/context/handler", "/context/callable", "/context/task" })
	void handlerSeesItsOperation(String path) {
		assertThat(post(path, "key-of" + path)).isEqualTo("POST " + path);
	}

	@Test
	void handlerWithoutAKeySeesNone() {
		assertThat(post("/context/optional", null)).isEqualTo("none");
		assertThat(post("/context/optional", "key")).isEqualTo("POST /context/optional");
	}

	/** Every thread that served is asked, and none has kept anything. */
	@Test
	void threadsOfTheServerKeepNothing() {
		for (int i = 0; i < 20; i++) {
			post("/context/handler", "kept-" + i);
			post("/context/failing", "kept-" + i);
			assertThat(post("/context/plain", null)).isEqualTo("none");
		}
	}

	@RestController
	static class Handlers {

		@Idempotent
		@PostMapping("/context/handler")
		String handler() {
			return seen();
		}

		@PostMapping("/context/plain")
		String plain() {
			return seen();
		}

		@Idempotent
		@PostMapping("/context/failing")
		String failing() {
			throw new ResponseStatusException(HttpStatus.BAD_GATEWAY);
		}

		@Idempotent(required = false)
		@PostMapping("/context/optional")
		String optional() {
			return seen();
		}

		@Idempotent
		@PostMapping("/context/callable")
		Callable<String> callable() {
			return ContextDialogueTests::seen;
		}

		@Idempotent
		@PostMapping("/context/task")
		WebAsyncTask<String> task() {
			return new WebAsyncTask<>(20_000L, ContextDialogueTests::seen);
		}

	}

}
