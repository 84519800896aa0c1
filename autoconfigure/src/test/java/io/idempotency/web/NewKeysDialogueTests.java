package io.idempotency.web;

import java.util.UUID;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** One caller cannot fill the store; its replays and other callers do not notice. */
class NewKeysDialogueTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(
				new Class<?>[] { HardHandlers.Corners.class, HardHandlers.Filters.class },
				"idempotency.new-keys.limit=3", "idempotency.new-keys.window=4s");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void callerWithTooManyNewKeysIsAskedToWait() {
		String key = UUID.randomUUID().toString();
		Answer first = pay("alice", key);
		pay("alice", key + 2);
		assertThat(pay("alice", key + 3).status()).isEqualTo(200);
		int before = runs.of("principal");

		Answer refused = pay("alice", key + 4);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.problem()).isEqualTo("too-many-keys");
		assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 4);
		assertThat(refused.text()).contains("\"retryable\":true").doesNotContain(key);
		assertThat(runs.of("principal")).isEqualTo(before);
		assertThat(application.getBean(MeterRegistry.class)
			.get("idempotency.operations")
			.tag("outcome", "too_many_keys")
			.timer()
			.count()).isEqualTo(1);

		assertThat(pay("alice", key).text()).isEqualTo(first.text());
		assertThat(pay("alice", key).isReplay()).isTrue();
		assertThat(pay("bob", key + 4).status()).isEqualTo(200);

		// the refused key was not burnt
		Answer later = await().until(() -> pay("alice", key + 4), (answer) -> answer.status() == 200);
		assertThat(later.isReplay()).isFalse();
	}

	@Test
	void callersWithoutAuthenticationAreOneCaller() {
		for (int i = 0; i < 3; i++) {
			assertThat(client.post("/corner/principal", UUID.randomUUID().toString(), null).status()).isEqualTo(200);
		}
		assertThat(client.post("/corner/principal", UUID.randomUUID().toString(), null).problem())
			.isEqualTo("too-many-keys");
	}

	private static Answer pay(String user, String key) {
		return client.post("/corner/principal", key, null, "X-User", user);
	}

}
