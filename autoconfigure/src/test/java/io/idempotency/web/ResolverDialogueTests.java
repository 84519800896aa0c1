package io.idempotency.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import io.idempotency.Idempotent;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.testsupport.FlakyStore;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/** Keys that live in a body or another header, and scopes with tenants. */
class ResolverDialogueTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static FlakyStore store;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { Resolvers.class, Deliveries.class },
				"idempotency.store=flaky", "idempotency.http.max-key-length=40", "idempotency.http.key-pattern=[^!]+",
				"idempotency.http.max-request-size=2KB");
		runs = application.getBean(TestHandlers.Runs.class);
		store = application.getBean(FlakyStore.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "bound", "raw", "ignored" })
	void rule1KeyIsAMemberOfTheBodyAndTheHandlerReadsTheBodyAsEver(String kind) {
		String json = "{\"messageId\":\"" + this.key + "\",\"amount\":5}";
		Answer first = post("/deliveries/" + kind, json);
		assertThat(first.text()).isEqualTo((kind.equals("ignored") ? "" : json) + " run " + runs.of(kind));
		Answer second = post("/deliveries/" + kind, "{\"amount\":5.0,\"messageId\":\"" + this.key + "\"}");
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo(first.text());
		assertThat(post("/deliveries/" + kind, json.replace("5", "6")).isReplay()).isFalse();
	}

	@Test
	void rule1HeaderIsNotLookedAt() {
		Answer first = client.post("/deliveries/bound", "one", json("messageId", this.key));
		Answer second = client.post("/deliveries/bound", "another", json("messageId", this.key));
		assertThat(first.status()).isEqualTo(200);
		assertThat(second.isReplay()).isTrue();
		assertThat(client.post("/deliveries/bound", this.key, "{\"amount\":5}").problem()).isEqualTo("key-missing");
	}

	@Test
	void rule1KeyIsInAHeaderOfAnotherName() {
		Answer first = post("/messages", "hello", "X-Message", this.key, "Content-Type", "text/plain");
		Answer second = post("/messages", "hello", "X-Message", this.key, "Content-Type", "text/plain");
		assertThat(first.status()).isEqualTo(200);
		assertThat(second.isReplay()).isTrue();
	}

	@Test
	void rule1ResolverSeesTheArguments() {
		Answer first = post("/transfers/" + this.key, "{}");
		assertThat(first.status()).isEqualTo(200);
		assertThat(post("/transfers/" + this.key, "{}").isReplay()).isTrue();
		assertThat(post("/transfers/" + UUID.randomUUID(), "{}").isReplay()).isFalse();
	}

	@Test
	void rule1ExpressionOfTheAnnotationWins() {
		String payment = "{\"account\":\"alice\",\"amount\":1}";
		Answer first = post("/orders", payment, "X-Order", this.key);
		assertThat(first.status()).isEqualTo(200);
		assertThat(post("/orders", payment, "X-Order", this.key).isReplay()).isTrue();
	}

	@Test
	void rule3NoKeyIsAMissingKey() {
		assertThat(post("/deliveries/bound", "{\"amount\":5}").problem()).isEqualTo("key-missing");
		assertThat(post("/optional", null).status()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "''|empty", "'   '|empty", "12345678901234567890123456789012345678901|longer",
			"a!b|does not have the form" })
	void rule2KeyOfAResolverIsHeldToTheRules(String value, String reason) {
		int before = runs.of("bound");
		int claims = store.claims.get();
		Answer answer = post("/deliveries/bound", json("messageId", value));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("key-malformed");
		assertThat(answer.text()).contains(reason).doesNotContain("a!b").doesNotContain("1234567890");
		assertThat(runs.of("bound")).isEqualTo(before);
		assertThat(store.claims.get()).isEqualTo(claims);
	}

	@Test
	void rule2KeyOfAResolverMayBeAnyText() {
		assertThat(post("/deliveries/bound", json("messageId", "B\u00fcro 7 " + this.key.substring(9))).status())
			.isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "bound", "raw", "ignored" })
	void rule9BodyIsReadAheadUpToTheLimit(String kind) {
		int before = runs.of(kind);
		Answer answer = post("/deliveries/" + kind, json("messageId", this.key) + " ".repeat(2049));
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problem()).isEqualTo("request-too-large");
		assertThat(runs.of(kind)).isEqualTo(before);
	}

	@Test
	void formsAreNotReadAsBytes() {
		// the resolver asked for them, which would have taken them from the container
		int claims = store.claims.get();
		Answer answer = post("/body/form", "a=1&b=2", "Content-Type", "application/x-www-form-urlencoded");
		assertThat(answer.status()).isEqualTo(500);
		assertThat(store.claims.get()).isEqualTo(claims);
	}

	@Test
	void rule5ResolverThatRefusesBurnsNoKey() {
		int claims = store.claims.get();
		int before = runs.of("bound");
		Answer blocked = post("/deliveries/bound", json("messageId", this.key), "X-Tenant", "blocked");
		assertThat(blocked.status()).isEqualTo(403);
		Answer broken = post("/deliveries/bound", json("messageId", this.key), "X-Tenant", "broken");
		assertThat(broken.status()).isEqualTo(500);
		assertThat(post("/deliveries/bound", "no json at all").status()).isEqualTo(500);
		assertThat(store.claims.get()).isEqualTo(claims);
		assertThat(runs.of("bound")).isEqualTo(before);
		assertThat(post("/deliveries/bound", json("messageId", this.key)).isReplay()).isFalse();
		assertThat(post("/deliveries/bound", json("messageId", this.key)).isReplay()).isTrue();
	}

	@Test
	void rule4SameKeyOfTwoTenantsIsTwoCalls() {
		String json = json("messageId", this.key);
		Answer none = post("/deliveries/bound", json);
		Answer empty = post("/deliveries/bound", json, "X-Tenant", "");
		Answer one = post("/deliveries/bound", json, "X-Tenant", "one");
		Answer region = post("/deliveries/bound", json, "X-Region", "one");
		Answer both = post("/deliveries/bound", json, "X-Tenant", "one", "X-Region", "one");
		assertThat(new Answer[] { none, empty, one, region, both })
			.allSatisfy((answer) -> assertThat(answer.isReplay()).isFalse());
		assertThat(post("/deliveries/bound", json).text()).isEqualTo(none.text());
		assertThat(post("/deliveries/bound", json, "X-Tenant", "").text()).isEqualTo(empty.text());
		assertThat(post("/deliveries/bound", json, "X-Tenant", "one").text()).isEqualTo(one.text());
		assertThat(post("/deliveries/bound", json, "X-Region", "one").text()).isEqualTo(region.text());
		assertThat(post("/deliveries/bound", json, "X-Tenant", "one", "X-Region", "one").text()).isEqualTo(both.text());
	}

	@Test
	void rule4EveryScopeIsAskedOnceAndOnlyForAKey() {
		Resolvers.asked.clear();
		assertThat(post("/deliveries/bound", json("messageId", this.key)).status()).isEqualTo(200);
		assertThat(Resolvers.asked).containsExactlyInAnyOrder("tenants", "regions");
		assertThat(post("/optional", null, "X-Tenant", "broken").status()).isEqualTo(200);
		assertThat(Resolvers.asked).hasSize(2);
	}

	private static String json(String name, String value) {
		return "{\"" + name + "\":\"" + value + "\"}";
	}

	private static Answer post(String path, String body, String... headers) {
		return client.send(client.request("POST", path, body, headers));
	}

	static class Resolvers {

		static final List<String> asked = new CopyOnWriteArrayList<>();

		private static final JsonMapper mapper = new JsonMapper();

		@Bean
		IdempotencyStore flaky() {
			return new FlakyStore();
		}

		@Bean
		IdempotencyKeyResolver keys() {
			return (call) -> switch (call.operation()) {
				case "POST /messages" -> call.request().getHeader("X-Message");
				case "POST /transfers/{id}" -> String.valueOf(call.arguments().get(0));
				default -> {
					byte[] body = call.body();
					JsonNode id = (body.length > 0) ? mapper.readTree(body).get("messageId") : null;
					yield (id != null) ? id.asString() : null;
				}
			};
		}

		@Bean
		IdempotencyScopeResolver regions() {
			return (request) -> {
				asked.add("regions");
				return request.getHeader("X-Region");
			};
		}

		@Bean
		IdempotencyScopeResolver tenants() {
			return (request) -> {
				asked.add("tenants");
				String tenant = request.getHeader("X-Tenant");
				if ("blocked".equals(tenant)) {
					throw new ResponseStatusException(HttpStatus.FORBIDDEN);
				}
				if ("broken".equals(tenant)) {
					throw new IllegalStateException("made to fail");
				}
				return tenant;
			};
		}

	}

	@RestController
	static class Deliveries {

		private final TestHandlers.Runs runs;

		Deliveries(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/deliveries/bound")
		String bound(@RequestBody String body) {
			return body + " run " + this.runs.count("bound");
		}

		@Idempotent
		@PostMapping("/deliveries/raw")
		String raw(HttpServletRequest request) throws IOException {
			return new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8) + " run "
					+ this.runs.count("raw");
		}

		@Idempotent
		@PostMapping("/deliveries/ignored")
		String ignored() {
			return " run " + this.runs.count("ignored");
		}

		@Idempotent
		@PostMapping("/messages")
		String message(@RequestBody String body, @RequestHeader("X-Message") String id) {
			return body + " run " + this.runs.count("messages");
		}

		@Idempotent
		@PostMapping("/transfers/{id}")
		String transfer(@PathVariable UUID id) {
			return id + " run " + this.runs.count("transfers");
		}

	}

}
