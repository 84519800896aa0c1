package io.idempotency.web;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules 4 and 6, looked up in a real Redis. */
class IsolationIT {

	@Test
	void rule4EachCallerHasItsOwnRecordInRedis() {
		String key = "caller-key-" + UUID.randomUUID();
		try (RedisProcess redis = RedisProcess.redis62();
				ConfigurableApplicationContext application = new SpringApplicationBuilder(
						IsolationDialogueTests.SharedApplication.class)
					.properties("server.port=0", "idempotency.store=redis", "spring.jmx.enabled=false",
							"spring.main.banner-mode=off", "logging.level.root=warn",
							"spring.datasource.generate-unique-name=true", "spring.data.redis.host=127.0.0.1",
							"spring.data.redis.port=" + redis.port())
					.run()) {
			HttpDialogue client = WebTestApplication.client(application);
			List<String> answers = new ArrayList<>();
			for (List<String> headers : IsolationDialogueTests.CALLERS.values()) {
				Answer answer = client.post("/transfers", key, "{}", headers.toArray(String[]::new));
				assertThat(answer.isReplay()).isFalse();
				answers.add(answer.text());
			}
			List<String> names = lines(redis.send("KEYS *")).filter((line) -> line.startsWith("idempotency:")).toList();
			assertThat(names).hasSize(answers.size()).doesNotHaveDuplicates();
			assertThat(String.join("\n", names)).doesNotContain(key, "alice", "bob", "tenant", "issuer");
			List<String> records = names.stream().map((name) -> redis.send("GET \"" + name + "\"")).toList();
			for (String answer : answers) {
				assertThat(records.stream().filter((record) -> record.contains(answer))).hasSize(1);
			}
			assertThat(String.join("\n", records)).doesNotContain(key);
		}
	}

	private static Stream<String> lines(String reply) {
		return reply.lines().map(String::strip);
	}

}
