package io.idempotency.openapi;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.web.IdempotencyKeyResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springdoc.core.models.GroupedOpenApi;
import tools.jackson.databind.JsonNode;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/** What properties and beans of the application change in the document. */
class PublishedSettingsDialogueTests {

	private static final String ORDER = "{\"id\":\"a\",\"amount\":1}";

	@Test
	void propertiesArePublished() {
		try (ConfigurableApplicationContext application = PublishingApplication.start(
				"--idempotency.http.header=X-Payment-Key", "--idempotency.http.replay-header=X-Replayed",
				"--idempotency.http.max-key-length=40", "--idempotency.http.strict=true",
				"--idempotency.http.key-pattern=[0-9a-f-]{36}",
				"--idempotency.http.documentation-uri=https://example.com/problems", "--idempotency.new-keys.limit=10",
				"--idempotency.ttl=1h")) {
			HttpDialogue client = PublishingApplication.client(application);
			PublishedDocument document = PublishedDocument.read(client);
			document.requireValid();
			JsonNode header = document.header("/payments", "X-Payment-Key");
			assertThat(header.path("schema").path("maxLength").asInt()).isEqualTo(42);
			assertThat(header.path("schema").path("minLength").asInt()).isEqualTo(3);
			assertThat(header.path("schema").path("pattern").asString()).isEqualTo("^\"(?:[0-9a-f-]{36})\"$");
			assertThat(header.path("description").asString()).contains("matches `[0-9a-f-]{36}`");
			assertThat(document.answer("/payments", "201").path("headers").propertyNames())
				.containsExactly("X-Replayed");
			assertThat(document.answer("/payments", "422").path("description").asString())
				.contains("`https://example.com/problems#payload-mismatch`");
			assertThat(document.answer("/payments", "429").path("description").asString()).contains("too-many-keys");
			assertThat(document.post("/payments").path("description").asString())
				.contains("the same `X-Payment-Key` gets the first answer for 1 hour, marked by `X-Replayed: true`");
			String key = header.path("example").asString();
			assertThat(document.judge("/payments", "X-Payment-Key", key, ORDER).getMessages()).isEmpty();
			assertThat(client.send(client.request("POST", "/payments", ORDER, "X-Payment-Key", key)).status())
				.isEqualTo(201);
		}
	}

	/** A schema speaks another language of regular expressions. */
	@ParameterizedTest
	@CsvSource({ "[a-z]++,", "(?i)[a-z]+,", "\\p{Alpha}+,", "[a-z&&[^x]]+,", "\\d{4}-[a-z.]+,\\d{4}-[a-z.]+" })
	void patternIsPublishedAsOneWhereASchemaCanSayIt(String pattern, String expected) {
		try (ConfigurableApplicationContext application = PublishingApplication
			.start("--idempotency.http.key-pattern=" + pattern)) {
			PublishedDocument document = PublishedDocument.read(PublishingApplication.client(application));
			JsonNode header = document.header("/payments", "Idempotency-Key");
			assertThat(header.path("schema").path("pattern").asString(null))
				.isEqualTo((expected != null) ? "^(?:(?:" + expected + ")|\"(?:" + expected + ")\")$" : null);
			assertThat(header.path("description").asString()).contains("matches `" + pattern + "`");
			assertThat(header.has("example")).isFalse();
		}
	}

	@Test
	void resolverOfTheApplicationReplacesTheHeader() {
		try (ConfigurableApplicationContext application = PublishingApplication
			.start(new Class<?>[] { Resolver.class })) {
			PublishedDocument document = PublishedDocument.read(PublishingApplication.client(application));
			document.requireValid();
			assertThat(document.post("/payments").has("parameters")).isFalse();
			assertThat(document.answer("/payments", "400").path("description").asString()).contains("key-malformed");
			// an expression wins over it
			assertThat(document.header("/references", "X-Reference").isMissingNode()).isFalse();
		}
	}

	@Test
	void groupsArePublishedToo() {
		try (ConfigurableApplicationContext application = PublishingApplication
			.start(new Class<?>[] { Groups.class })) {
			PublishedDocument document = PublishedDocument.read(PublishingApplication.client(application),
					"/v3/api-docs/money");
			document.requireValid();
			assertThat(document.header("/payments", "Idempotency-Key").isMissingNode()).isFalse();
		}
	}

	static class Resolver {

		@Bean
		IdempotencyKeyResolver keys() {
			return (call) -> "a";
		}

	}

	static class Groups {

		@Bean
		GroupedOpenApi money() {
			return GroupedOpenApi.builder().group("money").pathsToMatch("/payments").build();
		}

	}

}
