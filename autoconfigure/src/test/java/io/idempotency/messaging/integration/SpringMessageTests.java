package io.idempotency.messaging.integration;

import io.idempotency.Idempotent;
import io.idempotency.KeyMissingException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencySpringMessagingAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;
import io.idempotency.messaging.Effects;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.integration.annotation.ServiceActivator;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.core.MessagingTemplate;
import org.springframework.integration.support.MessageBuilder;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** Handlers of Spring Integration, called through their channels. */
class SpringMessageTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("idempotency.store=memory")
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, IdempotencyAutoConfiguration.class,
				InMemoryIdempotencyStoreAutoConfiguration.class, IdempotencySpringMessagingAutoConfiguration.class,
				IdempotencyMessagingAutoConfiguration.class))
		.withUserConfiguration(Application.class);

	@Test
	void handlerRunsOnceForTheKeyOfTheMessage() {
		this.runner.run((context) -> {
			MessagingTemplate template = new MessagingTemplate();
			MessageChannel channel = context.getBean("orders", MessageChannel.class);
			for (String header : new String[] { "Idempotency-Key", "amqp_messageId", "jms_messageId" }) {
				Message<String> message = MessageBuilder.withPayload(header).setHeader(header, "1").build();
				assertThat(template.sendAndReceive(channel, message).getPayload()).isEqualTo(header + " 1");
				assertThat(template.sendAndReceive(channel, MessageBuilder.fromMessage(message).build()).getPayload())
					.isEqualTo(header + " 1");
			}
			Message<String> other = MessageBuilder.withPayload("other").setHeader("Idempotency-Key", "1").build();
			assertThatException().isThrownBy(() -> template.sendAndReceive(channel, other))
				.withRootCauseInstanceOf(PayloadMismatchException.class);
			assertThatException()
				.isThrownBy(() -> template.sendAndReceive(channel, MessageBuilder.withPayload("none").build()))
				.withRootCauseInstanceOf(KeyMissingException.class);
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableIntegration
	@Import({ Handler.class, Effects.class })
	static class Application {

	}

	static class Handler {

		private final Effects effects;

		Handler(Effects effects) {
			this.effects = effects;
		}

		@Idempotent
		@ServiceActivator(inputChannel = "orders")
		public String handle(Message<String> message) {
			this.effects.add("orders", message.getPayload());
			return message.getPayload() + " " + this.effects.count("orders", message.getPayload());
		}

	}

}
