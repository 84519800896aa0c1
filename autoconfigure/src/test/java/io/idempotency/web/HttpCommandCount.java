package io.idempotency.web;

import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What one request costs Redis, by the server's own count, from the socket to the record.
 */
abstract class HttpCommandCount {

	private static final String PAYMENT = "{\"account\":\"alice\",\"amount\":25.00}";

	abstract RedisProcess startRedis();

	/** What a replay costs. */
	abstract Map<String, Long> replay();

	private static ConfigurableApplicationContext application(RedisProcess redis, String... more) {
		String[] properties = { "idempotency.store=redis", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + redis.port() };
		return WebTestApplication.start(StringUtils.concatenateStringArrays(properties, more));
	}

	@Test
	void firstRequestCostsTwoCommandsAndAReplayItsClaimOnly() {
		try (RedisProcess redis = startRedis(); ConfigurableApplicationContext application = application(redis)) {
			HttpDialogue client = WebTestApplication.client(application);
			String warmUp = UUID.randomUUID().toString();
			assertThat(client.post("/payments", warmUp, PAYMENT).status()).isEqualTo(201);
			assertThat(client.post("/payments", warmUp, PAYMENT).isReplay()).isTrue();

			String key = UUID.randomUUID().toString();
			Map<String, Long> before = redis.commandCalls();
			assertThat(client.post("/payments", key, PAYMENT).status()).isEqualTo(201);
			// two from the client, SET and EVALSHA; the other two are the script's own
			assertThat(redis.commandsSince(before))
				.isEqualTo(Map.of("set", 1L, "evalsha", 1L, "getrange", 1L, "psetex", 1L));

			before = redis.commandCalls();
			assertThat(client.post("/payments", key, PAYMENT).isReplay()).isTrue();
			assertThat(redis.commandsSince(before)).isEqualTo(replay());
		}
	}

	@Test
	void ceilingOnNewKeysCostsAFirstRequestOneCommandMoreAndAReplayNone() {
		try (RedisProcess redis = startRedis();
				ConfigurableApplicationContext application = application(redis, "idempotency.new-keys.limit=100")) {
			HttpDialogue client = WebTestApplication.client(application);
			assertThat(client.post("/payments", UUID.randomUUID().toString(), PAYMENT).status()).isEqualTo(201);

			String key = UUID.randomUUID().toString();
			Map<String, Long> before = redis.commandCalls();
			assertThat(client.post("/payments", key, PAYMENT).status()).isEqualTo(201);
			// three from the client; the others are the scripts' own
			assertThat(redis.commandsSince(before))
				.isEqualTo(Map.of("set", 1L, "evalsha", 2L, "incr", 1L, "getrange", 1L, "psetex", 1L));

			before = redis.commandCalls();
			assertThat(client.post("/payments", key, PAYMENT).isReplay()).isTrue();
			assertThat(redis.commandsSince(before)).isEqualTo(replay());
		}
	}

	/** One size class of its allocator; the next one has 160. */
	@Test
	void recordOfAShortJsonResponseFitsInto128Bytes() {
		try (RedisProcess redis = startRedis(); ConfigurableApplicationContext application = application(redis)) {
			HttpDialogue client = WebTestApplication.client(application);
			Answer answer = client.post("/large?size=105", UUID.randomUUID().toString(), PAYMENT, "Accept",
					"application/json");
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.header("Content-Type")).startsWith("application/json");
			assertThat(answer.bytes()).hasSize(105);
			Matcher name = Pattern.compile("idempotency:\\S+").matcher(redis.send("KEYS *"));
			assertThat(name.find()).isTrue();
			assertThat(redis.send("STRLEN " + name.group())).startsWith(":124\r\n");
		}
	}

}
