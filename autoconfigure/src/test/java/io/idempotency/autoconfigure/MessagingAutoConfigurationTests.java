package io.idempotency.autoconfigure;

import java.util.List;

import io.idempotency.Idempotent;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.messaging.MessageDoor;
import io.idempotency.messaging.MessageTechnology;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** Each technology comes and goes with its library. */
class MessagingAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("idempotency.store=memory")
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, IdempotencyAutoConfiguration.class,
				InMemoryIdempotencyStoreAutoConfiguration.class, IdempotencyKafkaAutoConfiguration.class,
				IdempotencyAmqpAutoConfiguration.class, IdempotencyJmsAutoConfiguration.class,
				IdempotencySpringMessagingAutoConfiguration.class, IdempotencyRedisStreamAutoConfiguration.class,
				IdempotencyMessagingAutoConfiguration.class));

	@Test
	void eachTechnologyIsThereWithItsLibrary() {
		this.runner.run((context) -> assertThat(context.getBeansOfType(MessageTechnology.class)).hasSize(5));
	}

	@Test
	void noneIsThereWithoutItsLibrary() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.kafka", "org.springframework.amqp",
					"org.springframework.jms", "org.springframework.messaging", "org.springframework.data"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(MessageTechnology.class)
				.doesNotHaveBean(MessageDoor.class));
	}

	@Test
	void noneIsThereWhenSwitchedOff() {
		this.runner.withPropertyValues("idempotency.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MessageTechnology.class));
	}

	@Test
	void listenerOfManyMessagesFailsTheStart() {
		for (Class<?> listener : List.of(Batch.class, Messages.class)) {
			this.runner.withBean(listener)
				.run((context) -> assertThat(context.getStartupFailure()).isInstanceOfSatisfying(
						InvalidIdempotencyConfigurationException.class,
						(failure) -> assertThat(failure.getAction()).contains("IdempotencyTemplate")));
		}
	}

	static class Batch {

		@Idempotent
		@RabbitListener(queues = "a", batch = "true")
		public void on(List<String> payloads) {
		}

	}

	static class Messages {

		@Idempotent
		@RabbitListener(queues = "a")
		public void on(List<Message> messages) {
		}

	}

}
