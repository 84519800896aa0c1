package io.idempotency.messaging.amqp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.autoconfigure.IdempotencyAmqpAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencySpringMessagingAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;
import io.idempotency.messaging.DeadOwner;
import io.idempotency.messaging.Effects;
import io.idempotency.store.IdempotencyStore;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageBuilderSupport;
import org.springframework.amqp.core.MessageListenerContainer;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Listeners of a real RabbitMQ, under the settings that Spring Boot gives them. */
@Tag("rabbitmq")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RabbitDialogueIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private RabbitProcess broker;

	private ConfigurableApplicationContext application;

	private Effects effects;

	private RabbitTemplate template;

	private String text;

	@BeforeAll
	void start() {
		this.broker = new RabbitProcess();
		this.application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("idempotency.store=memory", "spring.main.banner-mode=off", "logging.level.root=off",
					"spring.rabbitmq.host=127.0.0.1", "spring.rabbitmq.port=" + this.broker.port())
			.run();
		this.effects = this.application.getBean(Effects.class);
		this.template = this.application.getBean("template", RabbitTemplate.class);
	}

	@BeforeEach
	void newText() {
		this.text = UUID.randomUUID().toString();
	}

	@AfterAll
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		this.broker.close();
	}

	private static Message message(String id, String payload, String... headers) {
		MessageBuilderSupport<Message> builder = MessageBuilder.withBody(payload.getBytes(StandardCharsets.UTF_8))
			.setContentType("text/plain")
			.setMessageId(id);
		for (int i = 0; i < headers.length; i += 2) {
			builder.setHeader(headers[i], headers[i + 1]);
		}
		return builder.build();
	}

	private void send(String queue, String id, String payload, String... headers) {
		this.template.send("", queue, message(id, payload, headers));
	}

	private void awaitAllOf(String queue) {
		String last = UUID.randomUUID().toString();
		send(queue, last, last);
		this.effects.await(queue, queue.equals("channel") ? last + "true" : last);
	}

	private List<String> received(String queue) {
		List<String> texts = new ArrayList<>();
		for (Message message = this.template.receive(queue); message != null; message = this.template.receive(queue)) {
			texts.add(new String(message.getBody(), StandardCharsets.UTF_8));
		}
		return texts;
	}

	@Test
	void listenersOfOtherFormsAreListeners() {
		for (String queue : List.of("handled", "composed")) {
			send(queue, this.text, this.text);
			send(queue, this.text, this.text);
			awaitAllOf(queue);
			assertThat(this.effects.count(queue, this.text)).as(queue).isOne();
		}
	}

	@Test
	void messageIdIsTheDefaultKey() {
		for (String queue : List.of("payload", "whole", "spring")) {
			send(queue, this.text, this.text);
			send(queue, this.text, this.text);
			send(queue, this.text + "x", this.text);
			awaitAllOf(queue);
			assertThat(this.effects.count(queue, this.text)).as(queue).isEqualTo(2);
		}
	}

	@Test
	void headerIsTheKeyBeforeTheMessageId() {
		send("payload", "a" + this.text, this.text, "Idempotency-Key", this.text);
		send("payload", "b" + this.text, this.text, "Idempotency-Key", this.text);
		awaitAllOf("payload");
		assertThat(this.effects.count("payload", this.text)).isOne();
	}

	@Test
	void sourceAndIdOfCloudEventsAreTheKey() {
		for (String prefix : List.of("cloudEvents:", "cloudEvents_")) {
			send("payload", prefix, this.text, prefix + "source", "/orders", prefix + "id", this.text);
		}
		awaitAllOf("payload");
		assertThat(this.effects.count("payload", this.text)).isOne();
	}

	@Test
	void failedMessageIsDeliveredAgain() {
		send("payload", this.text, "fail " + this.text);
		this.effects.await("payload", "fail " + this.text, 2);
		send("payload", this.text, "fail " + this.text);
		awaitAllOf("payload");
		assertThat(this.effects.count("payload", "fail " + this.text)).isEqualTo(2);
	}

	@Test
	void replyIsTheSame() {
		Message first = this.template.sendAndReceive("", "reply", message(this.text, this.text));
		Message second = this.template.sendAndReceive("", "reply", message(this.text, this.text));
		assertThat(second.getBody()).isEqualTo(first.getBody());
		assertThat(this.effects.count("reply", this.text)).isOne();
	}

	@Test
	void messageOfADeadOwnerIsNotLost() {
		DeadOwner.claim(this.application.getBean(IdempotencyStore.class), "slow", this.text,
				this.text.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(2));
		send("slow", this.text, this.text, "Idempotency-Key", this.text);
		this.effects.await("slow", this.text);
	}

	@Test
	void skippedMessageIsAcknowledgedAndReturnedOneIsNotDone() {
		send("manual", this.text, "fail " + this.text);
		this.effects.await("manual", "fail " + this.text, 2);
		send("manual", this.text, "fail " + this.text);
		awaitAllOf("manual");
		assertThat(this.effects.count("manual", "fail " + this.text)).isEqualTo(2);
		this.application.getBean(RabbitListenerEndpointRegistry.class)
			.getListenerContainers()
			.forEach(MessageListenerContainer::stop);
		try {
			RabbitAdmin admin = new RabbitAdmin(this.template);
			await().atMost(PATIENCE).untilAsserted(() -> {
				Properties state = admin.getQueueProperties("manual");
				assertThat(state.get(RabbitAdmin.QUEUE_MESSAGE_COUNT).toString()).isEqualTo("0");
			});
		}
		finally {
			this.application.getBean(RabbitListenerEndpointRegistry.class)
				.getListenerContainers()
				.forEach(MessageListenerContainer::start);
		}
	}

	@Test
	void channelOfAContainerThatAcknowledgesStaysOpen() {
		send("channel", this.text, this.text);
		send("channel", this.text, this.text);
		awaitAllOf("channel");
		awaitAllOf("channel");
		assertThat(this.effects.count("channel", this.text + "true")).isOne();
	}

	@Test
	void messageThatCannotBeDoneIsInTheDeadLetterQueue() {
		send("rejecting", "p" + this.text, "poison " + this.text);
		send("rejecting", this.text, this.text);
		send("rejecting", this.text, "other " + this.text);
		send("rejecting", null, "unnamed " + this.text);
		send("rejecting", " ", "blank " + this.text);
		List<String> dead = new ArrayList<>();
		await().atMost(PATIENCE).untilAsserted(() -> {
			dead.addAll(received("dead"));
			assertThat(dead).contains("poison " + this.text, "other " + this.text, "unnamed " + this.text,
					"blank " + this.text);
		});
		assertThat(this.effects.of("rejecting").stream().filter((effect) -> effect.endsWith(this.text)))
			.containsExactly("poison " + this.text, this.text);
	}

	@Test
	void messageIsDoneWhenTheChannelIsCommitted() {
		send("transactional", this.text, this.text);
		send("transactional", this.text, this.text);
		awaitAllOf("transactional");
		assertThat(this.effects.count("transactional", this.text)).isOne();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(received("out")).containsOnlyOnce(this.text));
	}

	@Test
	void messageIsNotDoneWhenALaterStepFails() {
		this.application.getBean(Application.class).stepsToFail.set(1);
		send("transactional", this.text, this.text);
		this.effects.await("transactional", this.text, 2);
		awaitAllOf("transactional");
		assertThat(this.effects.count("transactional", this.text)).isEqualTo(2);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(received("out")).containsOnlyOnce(this.text));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, RabbitAutoConfiguration.class,
			IdempotencyAutoConfiguration.class, IdempotencyAmqpAutoConfiguration.class,
			IdempotencySpringMessagingAutoConfiguration.class, IdempotencyMessagingAutoConfiguration.class,
			InMemoryIdempotencyStoreAutoConfiguration.class })
	@Import({ RabbitListeners.class, RabbitHandlers.class, Effects.class })
	static class Application {

		/** How many of the next deliveries fail after their method. */
		final AtomicInteger stepsToFail = new AtomicInteger();

		@Bean
		@Primary
		RabbitTemplate template(ConnectionFactory connections) {
			return new RabbitTemplate(connections);
		}

		@Bean
		RabbitTemplate transactedTemplate(ConnectionFactory connections) {
			RabbitTemplate template = new RabbitTemplate(connections);
			template.setChannelTransacted(true);
			return template;
		}

		@Bean
		Queue out() {
			return new Queue("out");
		}

		@Bean
		Queue dead() {
			return new Queue("dead");
		}

		@Bean
		SimpleRabbitListenerContainerFactory rejectingFactory(ConnectionFactory connections) {
			SimpleRabbitListenerContainerFactory factory = new SimpleRabbitListenerContainerFactory();
			factory.setConnectionFactory(connections);
			factory.setDefaultRequeueRejected(false);
			return factory;
		}

		@Bean
		SimpleRabbitListenerContainerFactory transactedFactory(ConnectionFactory connections) {
			SimpleRabbitListenerContainerFactory factory = new SimpleRabbitListenerContainerFactory();
			factory.setConnectionFactory(connections);
			factory.setChannelTransacted(true);
			factory.setAdviceChain((MethodInterceptor) (invocation) -> {
				Object result = invocation.proceed();
				if (this.stepsToFail.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
					throw new IllegalStateException("a later step fails");
				}
				return result;
			});
			return factory;
		}

	}

}
