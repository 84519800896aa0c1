package io.idempotency.messaging.jms;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyJmsAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencySpringMessagingAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;
import io.idempotency.messaging.DeadOwner;
import io.idempotency.messaging.Effects;
import io.idempotency.store.IdempotencyStore;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jms.autoconfigure.JmsAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jms.config.DefaultJmsListenerContainerFactory;
import org.springframework.jms.connection.JmsTransactionManager;
import org.springframework.jms.core.JmsTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** Listeners of a real broker, under the settings that Spring Boot gives them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JmsDialogueTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private EmbeddedActiveMQ broker;

	private ConfigurableApplicationContext application;

	private JmsListeners listeners;

	private Effects effects;

	private JmsTemplate template;

	private String text;

	@BeforeAll
	void start() throws Exception {
		Configuration configuration = new ConfigurationImpl().setPersistenceEnabled(false)
			.setSecurityEnabled(false)
			.setJournalDirectory("target/artemis")
			.addAcceptorConfiguration("in-vm", "vm://7");
		configuration.addAddressSetting("#",
				new AddressSettings().setDeadLetterAddress(SimpleString.of("dead"))
					.setAutoCreateQueues(true)
					.setAutoCreateAddresses(true)
					.setAutoDeleteQueues(false)
					.setMaxDeliveryAttempts(3));
		this.broker = new EmbeddedActiveMQ().setConfiguration(configuration).start();
		this.application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("idempotency.store=memory", "spring.main.banner-mode=off", "logging.level.root=error",
					"spring.jms.cache.enabled=false")
			.run();
		this.listeners = this.application.getBean(JmsListeners.class);
		this.effects = this.application.getBean(Effects.class);
		this.template = this.application.getBean(JmsTemplate.class);
		this.template.setReceiveTimeout(300);
		// whoever asks first makes the queue
		this.template.receive("dead");
	}

	@BeforeEach
	void newText() {
		this.text = UUID.randomUUID().toString();
	}

	@AfterAll
	void stop() throws Exception {
		this.application.close();
		this.broker.stop();
	}

	private void send(String destination, Object payload, String... properties) {
		this.template.convertAndSend(destination, payload, (message) -> {
			for (int i = 0; i < properties.length; i += 2) {
				message.setStringProperty(properties[i], properties[i + 1]);
			}
			return message;
		});
	}

	private void awaitAllOf(String destination) {
		String last = UUID.randomUUID().toString();
		send(destination, destination.equals("bytes") ? last.getBytes(StandardCharsets.UTF_8) : last);
		this.effects.await(destination, last);
	}

	private List<String> received(String destination) {
		List<String> texts = new ArrayList<>();
		for (Message message = this.template.receive(destination); message != null; message = this.template
			.receive(destination)) {
			try {
				texts.add(((TextMessage) message).getText());
			}
			catch (JMSException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return texts;
	}

	@Test
	void messageIdIsTheDefaultKey() throws JMSException {
		send("whole", this.text);
		send("whole", this.text);
		this.effects.await("whole", this.text, 2);
		send("aside", this.text);
		Message message = this.template.receive("aside");
		this.listeners.whole(message);
		this.listeners.whole(message);
		assertThat(this.effects.count("whole", this.text)).isEqualTo(3);
	}

	@Test
	void headerIsTheKeyOfTwoMessages() {
		for (String destination : List.of("payload", "whole", "spring")) {
			send(destination, this.text, "Idempotency_Key", this.text);
			send(destination, this.text, "Idempotency_Key", this.text);
			awaitAllOf(destination);
			assertThat(this.effects.count(destination, this.text)).as(destination).isOne();
		}
	}

	@Test
	void bytesAreStillThereForTheListener() {
		byte[] payload = this.text.getBytes(StandardCharsets.UTF_8);
		send("bytes", payload, "Idempotency_Key", this.text);
		send("bytes", payload, "Idempotency_Key", this.text);
		awaitAllOf("bytes");
		assertThat(this.effects.count("bytes", this.text)).isOne();
	}

	@Test
	void sourceAndIdOfCloudEventsAreTheKey() {
		for (String prefix : Set.of("ce_", "cloudEvents_")) {
			send("payload", this.text, prefix + "source", "/orders", prefix + "id", this.text);
		}
		send("payload", this.text, "ce_source", "/other", "ce_id", this.text);
		awaitAllOf("payload");
		assertThat(this.effects.count("payload", this.text)).isEqualTo(2);
	}

	@Test
	void failedMessageIsDeliveredAgain() {
		send("payload", "fail " + this.text, "Idempotency_Key", this.text);
		this.effects.await("payload", "fail " + this.text, 2);
		send("payload", "fail " + this.text, "Idempotency_Key", this.text);
		awaitAllOf("payload");
		assertThat(this.effects.count("payload", "fail " + this.text)).isEqualTo(2);
	}

	@Test
	void replyIsSentAgainAndTheSame() {
		send("reply", this.text, "Idempotency_Key", this.text);
		send("reply", this.text, "Idempotency_Key", this.text);
		awaitAllOf("reply");
		assertThat(received("replies").stream().filter((reply) -> reply.startsWith(this.text)))
			.containsExactly(this.text + " run 1", this.text + " run 1");
	}

	@Test
	void messageOfADeadOwnerIsNotLost() {
		IdempotencyStore store = this.application.getBean(IdempotencyStore.class);
		DeadOwner.claim(store, "slow", this.text, this.text, Duration.ofSeconds(2));
		send("slow", this.text, "Idempotency_Key", this.text);
		this.effects.await("slow", this.text);
	}

	@Test
	void messageThatIsGivenBackIsNotDone() {
		send("session", "fail " + this.text);
		this.effects.await("session", "fail " + this.text, 2);
		awaitAllOf("session");
		assertThat(this.effects.count("session", "fail " + this.text)).isEqualTo(2);
	}

	@Test
	void messageThatCannotBeDoneIsInTheDeadLetterQueue() {
		send("poison", "poison " + this.text);
		send("held", "fail " + this.text);
		send("poison", this.text, "Idempotency_Key", this.text);
		send("poison", "other " + this.text, "Idempotency_Key", this.text);
		send("poison", "blank " + this.text, "Idempotency_Key", " ");
		List<String> dead = new ArrayList<>();
		await().atMost(PATIENCE).untilAsserted(() -> {
			dead.addAll(received("dead"));
			assertThat(dead).contains("poison " + this.text, "fail " + this.text, "other " + this.text,
					"blank " + this.text);
		});
		assertThat(this.effects.count("poison", "poison " + this.text)).isEqualTo(3);
		assertThat(this.effects.count("held", "fail " + this.text)).isOne();
		assertThat(this.effects.of("poison")).doesNotContain("other " + this.text, "blank " + this.text);
	}

	@Test
	void messageIsDoneWhenTheSessionIsCommitted() {
		for (String destination : List.of("transactional", "managed")) {
			send(destination, this.text, "Idempotency_Key", this.text);
			send(destination, this.text, "Idempotency_Key", this.text);
			awaitAllOf(destination);
			assertThat(this.effects.count(destination, this.text)).isOne();
			assertThat(received("out").stream().filter(this.text::equals)).hasSize(1);
		}
	}

	@Test
	void messageIsNotDoneWhenTheCommitFails() {
		for (String destination : List.of("transactional", "managed")) {
			this.application.getBean(FailingCommits.class).toFail.set(1);
			send(destination, this.text, "Idempotency_Key", this.text);
			this.effects.await(destination, this.text, 2);
			awaitAllOf(destination);
			assertThat(this.effects.count(destination, this.text)).isEqualTo(2);
			assertThat(received("out").stream().filter(this.text::equals)).as(destination).hasSize(1);
		}
	}

	@Test
	void callWithoutAMessageIsRefused() {
		assertThatIllegalStateException().isThrownBy(() -> this.listeners.payload(this.text))
			.withMessageContaining("key expression");
	}

	@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, JmsAutoConfiguration.class,
			IdempotencyAutoConfiguration.class, IdempotencyJmsAutoConfiguration.class,
			IdempotencySpringMessagingAutoConfiguration.class, IdempotencyMessagingAutoConfiguration.class,
			InMemoryIdempotencyStoreAutoConfiguration.class })
	@Import({ JmsListeners.class, Effects.class })
	static class Application {

		@Bean
		FailingCommits failingCommits() {
			return new FailingCommits();
		}

		@Bean
		ConnectionFactory connectionFactory(FailingCommits commits) {
			return commits.of(new ActiveMQConnectionFactory("vm://7"));
		}

		@Bean
		DefaultJmsListenerContainerFactory managedFactory(ConnectionFactory connections) {
			DefaultJmsListenerContainerFactory factory = new DefaultJmsListenerContainerFactory();
			factory.setConnectionFactory(connections);
			factory.setSessionTransacted(true);
			factory.setTransactionManager(new JmsTransactionManager(connections));
			return factory;
		}

	}

}
