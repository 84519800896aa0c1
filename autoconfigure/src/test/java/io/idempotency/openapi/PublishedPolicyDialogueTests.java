package io.idempotency.openapi;

import java.util.Locale;
import java.util.UUID;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springdoc.core.properties.SpringDocConfigProperties.ApiDocs.OpenApiVersion;
import tools.jackson.databind.JsonNode;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who does what the document says gets the answers that it says, with either version of
 * OpenAPI.
 */
class PublishedPolicyDialogueTests {

	private static final String ORDER = "{\"id\":\"a\",\"amount\":1}";

	private static final Published[] published = new Published[OpenApiVersion.values().length];

	private record Published(ConfigurableApplicationContext application, HttpDialogue client,
			PublishedDocument document) {
	}

	@BeforeAll
	static void start() {
		for (OpenApiVersion version : OpenApiVersion.values()) {
			ConfigurableApplicationContext application = PublishingApplication
				.start("--springdoc.api-docs.version=" + version.name().toLowerCase(Locale.ROOT));
			HttpDialogue client = PublishingApplication.client(application);
			published[version.ordinal()] = new Published(application, client, PublishedDocument.read(client));
		}
	}

	@AfterAll
	static void stop() {
		for (Published each : published) {
			each.application.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void documentIsValid(OpenApiVersion version) {
		PublishedDocument document = published[version.ordinal()].document;
		assertThat(document.root().path("openapi").asString()).isEqualTo(version.getVersion());
		document.requireValid();
		assertThat(document.header("/payments", "Idempotency-Key").path("schema").path("type").asString())
			.isEqualTo("string");
	}

	/** As a client does that knows the document and nothing else. */
	@ParameterizedTest
	@EnumSource
	void requestMadeOfTheDocumentSendsTheKeyAndIsAccepted(OpenApiVersion version) {
		Published each = published[version.ordinal()];
		JsonNode parameter = each.document.post("/payments").path("parameters").get(0);
		String name = parameter.path("name").asString();
		String key = parameter.path("example").asString();
		assertThat(each.document.judge("/payments", name, key, ORDER).getMessages()).isEmpty();
		Answer first = each.client.send(each.client.request("POST", "/payments", ORDER, name, key));
		assertThat(first.status()).isEqualTo(201);
		assertThat(each.document.judge("/payments", first).getMessages()).isEmpty();
		Answer second = each.client.send(each.client.request("POST", "/payments", ORDER, name, key));
		assertThat(second.isReplay()).isTrue();
		assertThat(each.document.judge("/payments", second).getMessages()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void requestWithoutAKeyIsRefusedByDocumentAndServer(OpenApiVersion version) {
		Published each = published[version.ordinal()];
		assertThat(each.document.judge("/payments", "Idempotency-Key", null, ORDER).hasErrors()).isTrue();
		Answer answer = each.client.send(each.client.request("POST", "/payments", ORDER));
		assertRefusal(each, answer, 400, "key-missing");
	}

	@ParameterizedTest
	@EnumSource
	void refusalsAreWhatTheDocumentSays(OpenApiVersion version) {
		Published each = published[version.ordinal()];
		assertRefusal(each, each.client.post("/payments", "a b", ORDER), 400, "key-malformed");
		String key = UUID.randomUUID().toString();
		each.client.post("/payments", key, ORDER);
		assertRefusal(each, each.client.post("/payments", key, "{\"id\":\"b\",\"amount\":1}"), 422, "payload-mismatch");
		assertRefusal(each, each.client.post("/payments", UUID.randomUUID().toString(),
				"{\"id\":\"" + "x".repeat(1024 * 1024) + "\"}"), 413, "request-too-large");
	}

	private static void assertRefusal(Published each, Answer answer, int status, String problem) {
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.problem()).isEqualTo(problem);
		assertThat(each.document.judge("/payments", answer).getMessages()).isEmpty();
		assertThat(each.document.answer("/payments", Integer.toString(status)).path("description").asString())
			.contains("`urn:idempotency:problem:" + problem + "`");
	}

	static String[] keys() {
		return new String[] { "a", "abc-123", "a:b,c", "x".repeat(255), "x".repeat(256), "x".repeat(300), "\"abc\"",
				"\"" + "x".repeat(255) + "\"", "\"" + "x".repeat(256) + "\"", "\"a;b\"", "\"a\\\"b\\\\c\"", "\"a\\b\"",
				"\"a\"b\"", "\"abc", "abc\"", "a;b", ";", "\"\"", "a b", "\"a b\"", "a\"b", "\\", "\"\\\"" };
	}

	@ParameterizedTest
	@MethodSource("keys")
	void keyThatTheDocumentAcceptsIsAcceptedAndNoOther(String key) {
		Published each = published[0];
		boolean accepted = !each.document.judge("/payments", "Idempotency-Key", key, ORDER).hasErrors();
		assertThat(each.client.post("/payments", key, ORDER).status()).isEqualTo(accepted ? 201 : 400);
	}

}
