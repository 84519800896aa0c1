package io.idempotency.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rule 14: the table of {@code docs/handlers.md}, cell by cell, over a socket. A row is a
 * handler type, a column is a test method.
 */
class HandlerTypeTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	/**
	 * A row.
	 *
	 * @param name last part of the path
	 * @param status of the first answer
	 */
	record Type(String name, int status) {

		String path() {
			return "/types/" + this.name;
		}

		int runs() {
			return runs.of("types-" + this.name);
		}

		/** Whether the answer is an exception already. */
		boolean isError() {
			return this.status >= 400;
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	static Stream<Type> types() {
		return Stream.of(new Type("record", 200), new Type("map", 200), new Type("response-entity", 201),
				new Type("string", 200), new Type("bytes", 200), new Type("resource", 200), new Type("void", 204),
				new Type("headers", 200), new Type("writer", 200), new Type("stream", 200), new Type("view", 200),
				new Type("redirect", 302), new Type("redirect-view", 303), new Type("send-redirect", 302),
				new Type("forward", 200), new Type("send-error", 410), new Type("response-status-exception", 410),
				new Type("annotated-exception", 402), new Type("callable", 200), new Type("web-async-task", 202),
				new Type("deferred-result", 201), new Type("completable-future", 200), new Type("mono", 200),
				new Type("async-context", 200), new Type("interface", 200), new Type("http-exchange", 200),
				new Type("meta-annotation", 200));
	}

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { HandlerTypes.Synchronous.class,
				HandlerTypes.Asynchronous.class, HandlerTypes.Implementation.class,
				HandlerTypes.ExchangedImplementation.class, HandlerTypes.MetaAnnotated.class });
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@ParameterizedTest
	@MethodSource("types")
	void first(Type type) {
		int before = type.runs();
		Answer first = client.post(type.path(), this.key, null);
		assertThat(first.status()).isEqualTo(type.status());
		assertThat(first.isReplay()).isFalse();
		assertThat(type.runs()).isEqualTo(before + 1);
		if (type.status() != 204 && type.status() / 100 != 3 && !type.name().equals("headers")) {
			assertThat(first.bytes()).isNotEmpty();
		}
		if (type.status() / 100 == 3 || type.status() == 201) {
			assertThat(first.header("Location")).endsWith("/things/" + (before + 1));
		}
	}

	@ParameterizedTest
	@MethodSource("types")
	void replay(Type type) {
		Answer first = client.post(type.path(), this.key, null);
		int before = type.runs();
		for (int i = 0; i < 2; i++) {
			Answer replay = client.post(type.path(), this.key, null);
			assertThat(replay.isReplay()).isTrue();
			assertSame(replay, first);
		}
		assertThat(type.runs()).isEqualTo(before);
		Answer other = client.post(type.path(), this.key + "x", null);
		assertThat(other.isReplay()).isFalse();
		assertThat(type.runs()).isEqualTo(before + 1);
	}

	@ParameterizedTest
	@MethodSource("types")
	void duplicateInFlight(Type type) throws Exception {
		int before = type.runs();
		runs.closeGate();
		CompletableFuture<Answer> first = client.postAsync(type.path(), this.key, null);
		assertThat(runs.entered.await(10, TimeUnit.SECONDS)).isTrue();
		Answer duplicate = client.post(type.path(), this.key, null);
		assertThat(duplicate.status()).isEqualTo(409);
		assertThat(duplicate.problem()).isEqualTo("in-progress");
		assertThat(duplicate.header("Retry-After")).isEqualTo("1");
		assertThat(client.post(type.path() + "?other", this.key, null).problem()).isEqualTo("payload-mismatch");
		runs.gate.countDown();
		Answer answer = first.get(10, TimeUnit.SECONDS);
		assertThat(answer.status()).isEqualTo(type.status());
		assertSame(client.post(type.path(), this.key, null), answer);
		assertThat(type.runs()).isEqualTo(before + 1);
	}

	@ParameterizedTest
	@MethodSource("types")
	void failure(Type type) {
		int before = type.runs();
		Answer failure = client.post(type.path(), this.key, null, "X-Fail", "now");
		assertThat(failure.status()).isEqualTo(500);
		assertThat(type.runs()).isEqualTo(before + 1);
		Answer retry = client.post(type.path(), this.key, null);
		assertThat(retry.status()).isEqualTo(type.status());
		assertThat(retry.isReplay()).isFalse();
		assertThat(type.runs()).isEqualTo(before + 2);
		assertThat(client.post(type.path(), this.key, null).isReplay()).isTrue();
	}

	@Test
	void tableNamesEveryTypeThatIsTested() throws IOException {
		List<String> documented = Files.readAllLines(Path.of("..", "docs", "handlers.md"))
			.stream()
			.filter((line) -> line.startsWith("| `types/"))
			.map((line) -> line.substring("| `types/".length(), line.indexOf('`', 3)))
			.toList();
		assertThat(documented).containsExactlyElementsOf(types().map(Type::name).toList());
	}

	private static void assertSame(Answer replay, Answer first) {
		assertThat(replay.status()).isEqualTo(first.status());
		assertThat(withoutTime(replay)).isEqualTo(withoutTime(first));
		for (String header : List.of("Content-Type", "Location", "ETag", "X-Custom", "X-Run", "X-Before")) {
			assertThat(replay.response().headers().allValues(header)).as(header)
				.isEqualTo(first.response().headers().allValues(header));
		}
	}

	/** An error page that the container renders again says when it was rendered. */
	private static String withoutTime(Answer answer) {
		return new String(answer.bytes(), StandardCharsets.ISO_8859_1).replaceFirst("\"timestamp\":\"[^\"]*\"", "");
	}

}
