package io.idempotency.messaging.kafka;

import java.util.UUID;

import io.idempotency.IdempotentStream;
import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyKafkaAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.autoconfigure.IdempotentStreamAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;
import io.idempotency.messaging.Effects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.MessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;

/** A listener of records knows its stream and its position without being told. */
class KafkaStreamTests {

	private static final String TOPIC = "stream";

	private final String text = UUID.randomUUID().toString();

	@Test
	void recordThatIsDeliveredAgainIsSkippedAndPartitionsHaveMarksOfTheirOwn() {
		try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties(KafkaApplication.properties())
			.run()) {
			Effects effects = application.getBean(Effects.class);
			send(application, 0, "a");
			send(application, 0, "b");
			effects.await(TOPIC, this.text + "b");
			// its offset is below those of the other partition
			send(application, 1, "c");
			effects.await(TOPIC, this.text + "c");
			MessageListenerContainer container = application.getBean(KafkaListenerEndpointRegistry.class)
				.getListenerContainer(TOPIC);
			assertThat(container).isNotNull();
			container.stop();
			KafkaBroker.rewind(TOPIC, TOPIC);
			container.start();
			send(application, 0, "d");
			effects.await(TOPIC, this.text + "d");
			assertThat(effects.of(TOPIC)).containsExactly(this.text + "a", this.text + "b", this.text + "c",
					this.text + "d");
		}
	}

	@SuppressWarnings("unchecked") // the one that Spring Boot makes
	private void send(ConfigurableApplicationContext application, int partition, String what) {
		application.getBean(KafkaTemplate.class).send(TOPIC, partition, null, this.text + what).join();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, KafkaAutoConfiguration.class,
			IdempotencyAutoConfiguration.class, IdempotentStreamAutoConfiguration.class,
			IdempotencyKafkaAutoConfiguration.class, IdempotencyMessagingAutoConfiguration.class,
			InMemoryIdempotencyStoreAutoConfiguration.class })
	@Import({ Effects.class, Listener.class })
	static class Application {

		@Bean
		NewTopics topics() {
			return new NewTopics(TopicBuilder.name(TOPIC).partitions(2).replicas(1).build());
		}

	}

	static class Listener {

		private final Effects effects;

		Listener(Effects effects) {
			this.effects = effects;
		}

		@IdempotentStream
		@KafkaListener(id = TOPIC, topics = TOPIC)
		public void on(ConsumerRecord<String, String> record) {
			this.effects.add(TOPIC, record.value());
		}

	}

}
