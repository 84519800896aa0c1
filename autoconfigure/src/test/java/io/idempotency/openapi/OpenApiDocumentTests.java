package io.idempotency.openapi;

import java.util.ArrayList;
import java.util.List;

import io.idempotency.testsupport.HttpDialogue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** What the OpenAPI document says of idempotent handlers. */
class OpenApiDocumentTests {

	private static ConfigurableApplicationContext application;

	private static PublishedDocument document;

	@BeforeAll
	static void start() {
		application = PublishingApplication.start();
		HttpDialogue client = PublishingApplication.client(application);
		document = PublishedDocument.read(client);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void documentIsValid() {
		assertThat(document.root().path("openapi").asString()).startsWith("3.1");
		document.requireValid();
	}

	@Test
	void keyHeaderIsAParameter() {
		JsonNode header = document.header("/payments", "Idempotency-Key");
		assertThat(header.path("required").asBoolean()).isTrue();
		assertThat(header.path("schema").path("type").asString()).isEqualTo("string");
		assertThat(header.path("schema").path("minLength").asInt()).isEqualTo(1);
		assertThat(header.path("schema").path("maxLength").asInt()).isEqualTo(257);
		assertThat(header.path("schema").path("pattern").asString()).contains("{1,255}");
		assertThat(header.path("description").asString()).contains("At most 255 visible ASCII characters")
			.contains("RFC 8941");
		assertThat(header.path("example").asString()).matches("\"[0-9a-f-]{36}\"");
	}

	@Test
	void optionalKeyIsNotRequiredAndNeverMissing() {
		assertThat(document.header("/withdrawals", "Idempotency-Key").path("required").asBoolean()).isFalse();
		assertThat(text("/withdrawals", "400")).contains("key-malformed").doesNotContain("key-missing");
		assertThat(document.post("/withdrawals").path("description").asString())
			.contains("Without a key every request is run.");
	}

	@Test
	void keyOfAnExpressionIsNoHeader() {
		assertThat(document.header("/orders", "Idempotency-Key").isMissingNode()).isTrue();
		assertThat(document.post("/orders").path("parameters").size()).isZero();
		assertThat(text("/orders", "400")).contains("key-missing").doesNotContain("key-malformed");
		assertThat(document.post("/orders").path("description").asString())
			.startsWith("A repeated request with the same key gets");
	}

	@Test
	void headerThatAnExpressionReadsIsAParameter() {
		JsonNode header = document.header("/references", "X-Reference");
		assertThat(header.path("required").asBoolean()).isTrue();
		assertThat(header.path("schema").has("pattern")).isFalse();
		assertThat(document.header("/references", "Idempotency-Key").isMissingNode()).isTrue();
		assertThat(document.post("/references").path("description").asString()).contains("the same `X-Reference`");
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Tenant", "X-Order" })
	void headersThatAreAPartOfAKeyAreOptionalParameters(String name) {
		JsonNode header = document.header("/tenants", name);
		assertThat(header.isMissingNode()).isFalse();
		assertThat(header.path("required").asBoolean()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "/payments,24 hours,While the first one still runs it is refused",
			"/waiting,7 days,it waits for the answer for up to 30 seconds",
			"/withdrawals,90 minutes,is not run again" })
	void policyIsSaidInWords(String path, String ttl, String more) {
		assertThat(document.post(path).path("description").asString().replace(",", ""))
			.contains("gets the first answer for " + ttl)
			.contains(more);
	}

	@Test
	void refusalsAreProblems() {
		assertThat(statuses("/payments")).containsExactlyInAnyOrder("201", "400", "409", "413", "422", "503");
		assertThat(text("/payments", "400")).contains("`urn:idempotency:problem:key-missing`")
			.contains("key-malformed");
		assertThat(text("/payments", "409")).contains("in-progress")
			.contains("response-not-kept")
			.doesNotContain("outcome-unknown");
		assertThat(text("/payments", "413")).contains("request-too-large");
		assertThat(text("/payments", "422")).contains("payload-mismatch");
		assertThat(text("/payments", "503")).contains("store-unavailable").doesNotContain("commit-failed");
		for (String status : List.of("400", "409", "413", "422", "503")) {
			assertThat(document.answer("/payments", status)
				.path("content")
				.path("application/problem+json")
				.path("schema")
				.path("$ref")
				.asString()).isEqualTo("#/components/schemas/IdempotencyProblem");
		}
		JsonNode schema = document.root().path("components").path("schemas").path("IdempotencyProblem");
		assertThat(schema.path("properties").propertyNames()).containsExactlyInAnyOrder("type", "title", "status",
				"detail", "instance", "retryable");
		assertThat(schema.path("properties").path("retryable").path("type").asString()).isEqualTo("boolean");
	}

	@ParameterizedTest
	@CsvSource({ "400,false", "409,true", "413,false", "422,false", "503,true" })
	void retryAfterStandsWhereARetryMayHelp(String status, boolean expected) {
		assertThat(document.answer("/payments", status).path("headers").has("Retry-After")).isEqualTo(expected);
	}

	@Test
	void refusalsDependOnTheOperation() {
		assertThat(text("/withdrawals", "409")).contains("outcome-unknown");
		assertThat(text("/bookings", "503")).contains("commit-failed");
	}

	@Test
	void successTellsOfReplays() {
		assertThat(document.answer("/payments", "201")
			.path("headers")
			.path("Idempotent-Replayed")
			.path("schema")
			.path("type")
			.asString()).isEqualTo("boolean");
		assertThat(document.answer("/payments", "409").path("headers").has("Idempotent-Replayed")).isFalse();
	}

	@Test
	void whatTheApplicationSaysStays() {
		assertThat(document.post("/closings").path("description").asString())
			.startsWith("Closes an account.\n\nA repeated request");
		assertThat(document.post("/closings").path("parameters").size()).isEqualTo(1);
		JsonNode header = document.header("/closings", "Idempotency-Key");
		assertThat(header.path("name").asString()).isEqualTo("idempotency-key");
		assertThat(header.path("required").asBoolean()).isTrue();
		assertThat(header.path("schema").path("pattern").asString()).isNotEmpty();
		assertThat(text("/closings", "200")).isEqualTo("It is closed.");
		JsonNode closed = document.answer("/closings", "409");
		assertThat(closed.path("description").asString()).startsWith("It was closed before.\n\n- `urn:");
		List<String> either = new ArrayList<>();
		closed.path("content")
			.path("application/problem+json")
			.path("schema")
			.path("anyOf")
			.forEach((schema) -> either.add(schema.path("$ref").asString()));
		assertThat(either).containsExactly("#/components/schemas/ProblemDetail",
				"#/components/schemas/IdempotencyProblem");
		assertThat(document.answer("/closings", "422").path("content").propertyNames())
			.containsExactlyInAnyOrder("application/json", "application/problem+json");
	}

	@Test
	void otherHandlersStayAsTheyAre() {
		JsonNode get = document.root().path("paths").path("/payments").path("get");
		assertThat(get.has("parameters")).isFalse();
		assertThat(get.path("responses").propertyNames()).containsExactly("200");
	}

	private static String text(String path, String status) {
		return document.answer(path, status).path("description").asString();
	}

	private static List<String> statuses(String path) {
		return new ArrayList<>(document.post(path).path("responses").propertyNames());
	}

}
