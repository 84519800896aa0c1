package io.idempotency.web;

import java.io.IOException;
import java.util.Locale;
import java.util.UUID;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/** What the properties of the HTTP side change, as a caller sees it. */
class HttpSettingsDialogueTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	/** Matches the pattern. */
	private final String key = UUID.randomUUID().toString();

	private final String quoted = "\"" + this.key + "\"";

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { Headers.class, Filters.class },
				"idempotency.http.strict=true", "idempotency.http.key-pattern=[0-9a-f-]{36}",
				"idempotency.http.excluded-headers=X-Trace, x-COST, Content-Language",
				"idempotency.http.unstored-statuses=404,418,502");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void rule2StrictRefusesABareKeyAndSaysWhatToDo() {
		int before = runs.of("refunds");
		Answer bare = client.post("/refunds", this.key, "{}");
		assertThat(bare.status()).isEqualTo(400);
		assertThat(bare.problem()).isEqualTo("key-malformed");
		assertThat(bare.text()).contains("has to be quoted").contains("RFC 8941").doesNotContain(this.key);
		assertThat(runs.of("refunds")).isEqualTo(before);
		assertThat(client.post("/refunds", this.quoted, "{}").status()).isEqualTo(200);
		assertThat(client.post("/refunds", this.quoted + "; v=1", "{}").isReplay()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"short\"", "\"00000000-0000-0000-0000-00000000000G\"",
			"\"x00000000-0000-0000-0000-000000000000\"", "\"00000000-0000-0000-0000-000000000000x\"" })
	void rule2KeyHasToMatchThePatternAsAWhole(String value) {
		int before = runs.of("refunds");
		Answer answer = client.post("/refunds", value, "{}");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("key-malformed");
		assertThat(answer.text()).contains("does not have the form").doesNotContain("0000");
		assertThat(runs.of("refunds")).isEqualTo(before);
	}

	@Test
	void rule2PatternIsNotForExpressions() {
		// alice:short is what the developer of the handler made, not what a caller sent
		assertThat(client
			.send(client.request("POST", "/orders", "{\"account\":\"alice\",\"amount\":1}", "X-Order", "short"))
			.status()).isEqualTo(200);
	}

	@Test
	void rule11ExcludedHeadersAreOnTheFirstAnswerOnly() {
		Answer first = client.post("/headers", this.quoted, null, "X-Request", "one");
		assertThat(first.response().headers().allValues("X-Trace")).containsExactly("filter one", "handler");
		assertThat(first.header("X-Cost")).isEqualTo("12");
		assertThat(first.header("Content-Language")).isEqualTo("de");
		Answer second = client.post("/headers", this.quoted, null, "X-Request", "two");
		assertThat(second.isReplay()).isTrue();
		assertThat(second.header("X-Kept")).isEqualTo("kept");
		// what a filter sets belongs to the request of now
		assertThat(second.response().headers().allValues("X-Trace")).containsExactly("filter two");
		assertThat(second.header("X-Cost")).isNull();
		assertThat(second.header("Content-Language")).isNull();
		assertThat(second.bytes()).isEqualTo(first.bytes());
	}

	@ParameterizedTest
	@ValueSource(ints = { 404, 418, 502 })
	void rule12StatusOfTheListFreesTheKey(int status) {
		Answer first = client.post("/status/" + status, this.quoted, null);
		Answer second = client.post("/status/" + status, this.quoted, null);
		assertThat(second.status()).isEqualTo(status);
		assertThat(second.isReplay()).isFalse();
		assertThat(second.text()).isNotEqualTo(first.text());
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 400, 401, 409, 429, 500, 503 })
	void rule12StatusThatIsNotInTheListIsStored(int status) {
		Answer first = client.post("/status/" + status, this.quoted, null);
		Answer second = client.post("/status/" + status, this.quoted, null);
		assertThat(second.status()).isEqualTo(status);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo(first.text());
	}

	@Test
	void rule13ExceptionThatReachesTheContainerFreesTheKeyWhateverIsStored() {
		int before = runs.of("throws-unhandled");
		assertThat(client.post("/throws/unhandled", this.quoted, null).status()).isEqualTo(500);
		assertThat(client.post("/throws/unhandled", this.quoted, null).status()).isEqualTo(500);
		assertThat(runs.of("throws-unhandled")).isEqualTo(before + 2);
	}

	@RestController
	static class Headers {

		private final TestHandlers.Runs runs;

		Headers(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/headers")
		void write(HttpServletResponse response) throws IOException {
			response.addHeader("X-Trace", "handler");
			response.setHeader("X-Cost", "12");
			response.setHeader("X-Kept", "kept");
			response.setLocale(Locale.GERMAN);
			response.getOutputStream().print("run " + this.runs.count("headers"));
		}

	}

	static class Filters {

		@Bean
		FilterRegistrationBean<Filter> tracing() {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
				String traced = ((HttpServletRequest) request).getHeader("X-Request");
				if (traced != null) {
					((HttpServletResponse) response).setHeader("X-Trace", "filter " + traced);
				}
				chain.doFilter(request, response);
			});
			registration.setOrder(0);
			return registration;
		}

	}

}
