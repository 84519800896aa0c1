package io.idempotency.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.Keysets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Encryption and compression go with what else is there. */
class EncryptedDialogueTests {

	@TempDir
	private Path directory;

	@Test
	void limitOfNewKeysHoldsAndReplaysAreServed() throws Exception {
		Path keyset = Files.writeString(this.directory.resolve("keyset.json"), Keysets.of(1));
		try (ConfigurableApplicationContext application = WebTestApplication.start(
				new Class<?>[] { HardHandlers.Corners.class, HardHandlers.Filters.class },
				"idempotency.encryption.keyset=" + keyset, "idempotency.compression.threshold=1B",
				"idempotency.new-keys.limit=1", "idempotency.new-keys.window=1m")) {
			TestHandlers.Runs runs = application.getBean(TestHandlers.Runs.class);
			HttpDialogue client = WebTestApplication.client(application);
			String key = UUID.randomUUID().toString();
			Answer first = pay(client, "alice", key);
			assertThat(first.status()).isEqualTo(200);
			// keys are counted while the handler runs, so the first refusal may be late
			Answer refused = await().until(() -> pay(client, "alice", UUID.randomUUID().toString()),
					(answer) -> answer.status() != 200);
			assertThat(refused.status()).isEqualTo(429);
			assertThat(refused.problem()).isEqualTo("too-many-keys");
			int before = runs.of("principal");
			Answer replay = pay(client, "alice", key);
			assertThat(replay.isReplay()).isTrue();
			assertThat(replay.bytes()).isEqualTo(first.bytes());
			assertThat(runs.of("principal")).isEqualTo(before);
			assertThat(pay(client, "bob", key).isReplay()).isFalse();
		}
	}

	private static Answer pay(HttpDialogue client, String user, String key) {
		return client.post("/corner/principal", key, null, "X-User", user);
	}

}
