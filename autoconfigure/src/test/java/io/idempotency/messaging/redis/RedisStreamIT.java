package io.idempotency.messaging.redis;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import io.idempotency.Idempotent;
import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyRedisStreamAutoConfiguration;
import io.idempotency.autoconfigure.RedisIdempotencyStoreAutoConfiguration;
import io.idempotency.messaging.Effects;
import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.stream.StreamListener;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A listener of a stream that calls an idempotent method and then acknowledges. */
class RedisStreamIT {

	@Test
	void entryIsProcessedOnceAndAcknowledgedWhenSkipped() {
		try (RedisProcess redis = RedisProcess.redis62()) {
			new ApplicationContextRunner()
				.withPropertyValues("spring.data.redis.port=" + redis.port(), "spring.data.redis.host=127.0.0.1")
				.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, DataRedisAutoConfiguration.class,
						RedisIdempotencyStoreAutoConfiguration.class, IdempotencyAutoConfiguration.class,
						IdempotencyRedisStreamAutoConfiguration.class, IdempotencyMessagingAutoConfiguration.class))
				.withBean(Effects.class)
				.withBean(Orders.class)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					process(context.getBean(StringRedisTemplate.class), context.getBean(Orders.class),
							context.getBean(Effects.class));
				});
		}
	}

	private static void process(StringRedisTemplate template, Orders orders, Effects effects) {
		String order = UUID.randomUUID().toString();
		RecordId first = template.opsForStream().add("orders", Map.of("order", order));
		template.opsForStream().add("orders", Map.of("order", order, "Idempotency-Key", order));
		template.opsForStream().add("orders", Map.of("order", order, "Idempotency-Key", order));
		template.opsForStream().createGroup("orders", ReadOffset.from("0"), "shop");
		// as after a crash: processed, and not acknowledged
		orders.process(template.<String, String>opsForStream()
			.range("orders", org.springframework.data.domain.Range.closed(first.getValue(), first.getValue()))
			.get(0));
		StreamListener<String, MapRecord<String, String, String>> listener = (entry) -> {
			orders.process(entry);
			template.opsForStream().acknowledge("shop", entry);
		};
		StreamMessageListenerContainer<String, MapRecord<String, String, String>> container = StreamMessageListenerContainer
			.create(template.getConnectionFactory(),
					StreamMessageListenerContainer.StreamMessageListenerContainerOptions.builder()
						.pollTimeout(Duration.ofMillis(100))
						.build());
		container.receive(Consumer.from("shop", "one"), StreamOffset.create("orders", ReadOffset.lastConsumed()),
				listener);
		container.start();
		try {
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				assertThat(template.opsForStream().groups("orders").get(0).lastDeliveredId()).isNotEqualTo("0-0");
				assertThat(effects.count("orders", order)).isEqualTo(2);
				assertThat(template.opsForStream().pending("orders", "shop").getTotalPendingMessages()).isZero();
			});
		}
		finally {
			container.stop();
		}
		assertThat(effects.count("orders", order)).isEqualTo(2);
	}

	static class Orders {

		private final Effects effects;

		Orders(Effects effects) {
			this.effects = effects;
		}

		@Idempotent
		public void process(MapRecord<String, String, String> entry) {
			this.effects.add("orders", entry.getValue().get("order"));
		}

	}

}
