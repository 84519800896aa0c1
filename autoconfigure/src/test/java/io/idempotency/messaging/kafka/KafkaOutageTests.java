package io.idempotency.messaging.kafka;

import java.time.Duration;
import java.util.UUID;

import io.idempotency.Idempotent;
import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyKafkaAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.messaging.Effects;
import io.idempotency.testsupport.FlakyStore;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.core.KafkaTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Records that arrive while the store does not answer. */
class KafkaOutageTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@Test
	void recordsThatArriveDuringAnOutageAreProcessedAfterIt() {
		new ApplicationContextRunner()
			.withPropertyValues("spring.kafka.bootstrap-servers=" + KafkaBroker.address(),
					"spring.kafka.consumer.auto-offset-reset=earliest", "idempotency.store=flaky",
					"idempotency.store-timeout=200ms")
			.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, KafkaAutoConfiguration.class,
					IdempotencyAutoConfiguration.class, IdempotencyKafkaAutoConfiguration.class,
					IdempotencyMessagingAutoConfiguration.class))
			.withBean("flakyIdempotencyStore", FlakyStore.class)
			.withBean(Effects.class)
			.withBean(Orders.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				outage(context.getBean(FlakyStore.class), context.getBean(KafkaTemplate.class),
						context.getBean(Effects.class));
			});
	}

	@SuppressWarnings("unchecked") // the template of texts
	private static void outage(FlakyStore store, KafkaTemplate<?, ?> template, Effects effects) {
		KafkaTemplate<String, String> texts = (KafkaTemplate<String, String>) template;
		String first = UUID.randomUUID().toString();
		String second = UUID.randomUUID().toString();
		store.claimFails = true;
		texts.send("outage", first).join();
		texts.send("outage", second).join();
		await().atMost(PATIENCE).until(() -> store.claims.get() >= 3);
		assertThat(effects.of("outage")).isEmpty();
		store.claimFails = false;
		effects.await("outage", second);
		assertThat(effects.of("outage")).containsExactly(first, second);
	}

	static class Orders {

		private final Effects effects;

		Orders(Effects effects) {
			this.effects = effects;
		}

		@Idempotent(operation = "outage")
		@KafkaListener(id = "outage", topics = "outage")
		public void on(String order) {
			this.effects.add("outage", order);
		}

	}

}
