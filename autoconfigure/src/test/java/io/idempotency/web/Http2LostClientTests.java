package io.idempotency.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.idempotency.testsupport.HttpDialogue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Rule 16 where a server is told that a client is gone while the handler is at work, as
 * HTTP/2 does. Spring MVC ends such a request with an exception of its own then.
 */
class Http2LostClientTests {

	private final String key = UUID.randomUUID().toString();

	static List<Arguments> handlers() {
		return List.of(Arguments.of("slow-result", Object.class), Arguments.of("slow-result", AnswersEverything.class),
				Arguments.of("slow-result", AnswersEverythingWell.class), Arguments.of("slow-context", Object.class));
	}

	@ParameterizedTest
	@MethodSource("handlers")
	void rule16ClientThatIsGoneDoesNotFreeTheKeyAndLeavesNoAnswer(String handler, Class<?> advice) throws Exception {
		try (ConfigurableApplicationContext application = WebTestApplication
			.start(new Class<?>[] { AsyncHandlers.Promises.class, advice }, "server.http2.enabled=true")) {
			TestHandlers.Runs runs = application.getBean(TestHandlers.Runs.class);
			HttpDialogue client = WebTestApplication.client(application);
			runs.closeGate();
			String uri = "http://127.0.0.1:" + ((WebServerApplicationContext) application).getWebServer().getPort();
			HttpClient http2 = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
			assertThat(
					http2.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.discarding())
						.version())
				.isEqualTo(HttpClient.Version.HTTP_2);
			CompletableFuture<HttpResponse<String>> answer = http2
				.sendAsync(HttpRequest.newBuilder(URI.create(uri + "/async/" + handler))
					.header("Idempotency-Key", this.key)
					.POST(HttpRequest.BodyPublishers.noBody())
					.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(runs.entered.await(10, TimeUnit.SECONDS)).isTrue();
			// Jetty loses what it is told before the handler's thread is back
			Thread.sleep(500);
			answer.cancel(true);
			await().untilAsserted(() -> assertThat(client.post("/async/" + handler, this.key, null).problem())
				.isEqualTo("response-not-kept"));
			runs.gate.countDown();
			assertThat(client.post("/async/" + handler, this.key, null).problem()).isEqualTo("response-not-kept");
			assertThat(runs.of(handler)).isEqualTo(1);
		}
	}

	@RestControllerAdvice
	static class AnswersEverything {

		@ExceptionHandler(IOException.class)
		ResponseEntity<String> answer(IOException ex) {
			return ResponseEntity.internalServerError().body("oops");
		}

	}

	@RestControllerAdvice
	static class AnswersEverythingWell {

		@ExceptionHandler(IOException.class)
		ResponseEntity<String> answer(IOException ex) {
			return ResponseEntity.ok("never mind");
		}

	}

}
