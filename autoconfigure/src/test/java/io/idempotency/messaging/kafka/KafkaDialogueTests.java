package io.idempotency.messaging.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.idempotency.messaging.DeadOwner;
import io.idempotency.messaging.Effects;
import io.idempotency.store.IdempotencyStore;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.config.MethodKafkaListenerEndpoint;
import org.springframework.kafka.config.KafkaListenerContainerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Listeners of a real broker of Kafka, under the settings that Spring Boot gives them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaDialogueTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private ConfigurableApplicationContext application;

	private KafkaListeners listeners;

	private Effects effects;

	private KafkaTemplate<String, String> template;

	private String text;

	@BeforeAll
	@SuppressWarnings("unchecked") // the template of texts
	void start() {
		this.application = new SpringApplicationBuilder(KafkaApplication.class).web(WebApplicationType.NONE)
			.properties(KafkaApplication.properties())
			.run();
		this.listeners = this.application.getBean(KafkaListeners.class);
		this.effects = this.application.getBean(Effects.class);
		this.template = this.application.getBean("template", KafkaTemplate.class);
	}

	@BeforeEach
	void newText() {
		this.text = UUID.randomUUID().toString();
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	private void send(String topic, String payload, String... headers) {
		ProducerRecord<String, String> record = new ProducerRecord<>(topic, 0, null, payload);
		for (int i = 0; i < headers.length; i += 2) {
			record.headers().add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
		}
		this.template.send(record).join();
	}

	/** Sends something new after all that was sent, and waits for its effect. */
	private void awaitAllOf(String topic) {
		String last = UUID.randomUUID().toString();
		send(topic, last);
		this.effects.await(topic, last);
	}

	/** The whole topic is delivered again. */
	private void redeliver(String topic) {
		MessageListenerContainer container = container(topic);
		container.stop();
		KafkaBroker.rewind(topic, topic);
		container.start();
		awaitAllOf(topic);
	}

	private MessageListenerContainer container(String id) {
		MessageListenerContainer container = this.application.getBean(KafkaListenerEndpointRegistry.class)
			.getListenerContainer(id);
		assertThat(container).isNotNull();
		return container;
	}

	@Test
	void listenersOfOtherFormsAreListeners() {
		for (String topic : List.of("handled", "composed")) {
			send(topic, this.text, "Idempotency-Key", topic + this.text);
			send(topic, this.text, "Idempotency-Key", topic + this.text);
			redeliver(topic);
			assertThat(this.effects.count(topic, this.text)).as(topic).isOne();
		}
	}

	@Test
	void promiseWithinATransactionIsRefusedBeforeTheMethodRuns() {
		send("promised", this.text);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.application.getBean(KafkaApplication.class).failures.get(this.text))
				.contains("answers asynchronously, within a transaction"));
		assertThat(this.effects.of("promised")).isEmpty();
	}

	@Test
	void positionIsTheDefaultKey() {
		for (String topic : List.of("payload", "record", "message")) {
			send(topic, this.text + topic);
			send(topic, this.text + topic);
			redeliver(topic);
			redeliver(topic);
			assertThat(this.effects.count(topic, this.text + topic)).as(topic).isEqualTo(2);
		}
	}

	@Test
	void headerIsTheKeyOfTwoRecords() {
		for (String topic : List.of("payload", "record", "message")) {
			String payload = "header " + this.text + topic;
			send(topic, payload, "Idempotency-Key", payload);
			send(topic, payload, "Idempotency-Key", payload);
			awaitAllOf(topic);
			assertThat(this.effects.count(topic, payload)).as(topic).isOne();
		}
	}

	@Test
	void sourceAndIdOfCloudEventsAreTheKey() {
		String payload = "event " + this.text;
		send("payload", payload, "ce_source", "/orders", "ce_id", payload);
		send("payload", payload, "ce_source", "/orders", "ce_id", payload);
		send("payload", payload, "ce_source", "/other", "ce_id", payload);
		awaitAllOf("payload");
		assertThat(this.effects.count("payload", payload)).isEqualTo(2);
	}

	@Test
	void expressionSeesArgumentsAndHeaders() {
		send("key", this.text, "tenant", "a");
		send("key", this.text, "tenant", "a");
		send("key", this.text, "tenant", "b");
		awaitAllOf("key");
		assertThat(this.effects.count("key", this.text)).isEqualTo(2);
	}

	@Test
	void failedRecordIsDeliveredAgain() {
		send("payload", "fail " + this.text);
		this.effects.await("payload", "fail " + this.text, 2);
		redeliver("payload");
		assertThat(this.effects.count("payload", "fail " + this.text)).isEqualTo(2);
	}

	@Test
	void brokenPromiseIsDeliveredAgain() {
		send("future", "fail " + this.text);
		this.effects.await("future", "fail " + this.text, 2);
		redeliver("future");
		assertThat(this.effects.count("future", "fail " + this.text)).isEqualTo(2);
	}

	@Test
	void replyIsSentAgainAndTheSame() {
		send("reply", this.text, "Idempotency-Key", this.text);
		send("reply", this.text, "Idempotency-Key", this.text);
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(KafkaBroker.content("replies").stream().filter((it) -> it.startsWith(this.text)))
						.containsExactly(this.text + " run 1", this.text + " run 1"));
	}

	@Test
	void recordOfADeadOwnerIsNotLost() {
		IdempotencyStore store = this.application.getBean(IdempotencyStore.class);
		DeadOwner.claim(store, "slow", this.text, this.text, Duration.ofSeconds(2));
		send("slow", this.text, "Idempotency-Key", this.text);
		this.effects.await("slow", this.text);
	}

	@Test
	void recordOfADeadOwnerIsNotLostWhereItIsRejectedEither() {
		IdempotencyStore store = this.application.getBean(IdempotencyStore.class);
		DeadOwner.claim(store, "rejecting", this.text, this.text, Duration.ofSeconds(3));
		send("rejecting", this.text, "Idempotency-Key", this.text);
		this.effects.await("rejecting", this.text);
	}

	@Test
	void skippedRecordIsAcknowledgedForAMethodThatDoesItItself() {
		send("manual", this.text, "Idempotency-Key", this.text);
		send("manual", this.text, "Idempotency-Key", this.text);
		this.effects.await("manual", this.text);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(KafkaBroker.committed("manual", "manual"))
				.isEqualTo(KafkaBroker.content("manual").size()));
		assertThat(this.effects.count("manual", this.text)).isOne();
	}

	@Test
	void recordThatIsGivenBackIsNotDone() {
		for (String topic : List.of("manual", "manualHeader")) {
			send(topic, "fail " + this.text);
			this.effects.await(topic, "fail " + this.text, 2);
			redeliver(topic);
			assertThat(this.effects.count(topic, "fail " + this.text)).isEqualTo(2);
		}
	}

	@Test
	void recordThatFailsAlwaysIsInTheDeadLetterTopic() {
		String payload = "poison " + this.text;
		send("dead", payload);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(KafkaBroker.content("dead-dlt")).contains(payload));
		assertThat(this.effects.count("dead", payload)).isEqualTo(3);
	}

	@Test
	void recordThatCannotBeDoneIsInTheDeadLetterTopicAtOnce() {
		send("dead", this.text, "Idempotency-Key", this.text);
		send("dead", "other " + this.text, "Idempotency-Key", this.text);
		send("dead", "blank " + this.text, "Idempotency-Key", " ");
		send("dead", "twice " + this.text, "Idempotency-Key", "a", "Idempotency-Key", "b");
		send("dead", "half " + this.text, "ce_id", "a");
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(KafkaBroker.content("dead-dlt")).contains("other " + this.text,
					"blank " + this.text, "twice " + this.text, "half " + this.text));
		assertThat(this.effects.of("dead")).contains(this.text)
			.doesNotContain("other " + this.text, "blank " + this.text, "twice " + this.text, "half " + this.text);
	}

	@Test
	void heldRecordIsInTheDeadLetterTopic() {
		send("held", "fail " + this.text);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(KafkaBroker.content("held-dlt")).contains("fail " + this.text));
		assertThat(this.effects.count("held", "fail " + this.text)).isOne();
	}

	@Test
	void recordIsDoneWhenTheTransactionIsCommitted() {
		send("transactional", this.text);
		awaitCommitted(this.text);
		redeliverTransactional();
		assertThat(this.effects.count("transactional", this.text)).isOne();
		assertThat(KafkaBroker.content("out").stream().filter(this.text::equals)).hasSize(1);
	}

	@Test
	void recordIsNotDoneWhenTheCommitFails() {
		this.application.getBean(KafkaApplication.class).commitsToFail.set(1);
		send("transactional", "uncommitted " + this.text);
		awaitCommitted("uncommitted " + this.text);
		redeliverTransactional();
		assertThat(this.effects.count("transactional", "uncommitted " + this.text)).isEqualTo(2);
		assertThat(KafkaBroker.content("out").stream().filter(("uncommitted " + this.text)::equals)).hasSize(1);
	}

	private void awaitCommitted(String payload) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(KafkaBroker.content("out")).contains(payload));
	}

	private void redeliverTransactional() {
		MessageListenerContainer container = container("transactional");
		container.stop();
		KafkaBroker.rewind("transactional", "transactional");
		container.start();
		String last = UUID.randomUUID().toString();
		send("transactional", last);
		awaitCommitted(last);
	}

	@Test
	void recordKeepsItsKeyInRetryTopics() {
		send("retried", this.text);
		this.effects.await("retriedDead", this.text + " io.idempotency.OutcomeUnknownException");
		assertThat(this.effects.of("retried")).containsOnlyOnce(this.text + " in retried")
			.noneMatch((effect) -> effect.startsWith(this.text + " in retried-"));
	}

	@Test
	void recordThatWasDoneInARetryTopicIsDone() {
		send("recovering", "fail " + this.text);
		this.effects.await("recovering", "fail " + this.text, 2);
		redeliver("recovering");
		assertThat(this.effects.count("recovering", "fail " + this.text)).isEqualTo(2);
	}

	@Test
	void interceptorOfTheApplicationIsStillAsked() {
		int before = this.application.getBean(KafkaApplication.class).intercepted.get();
		awaitAllOf("payload");
		assertThat(this.application.getBean(KafkaApplication.class).intercepted.get()).isGreaterThan(before);
	}

	@Test
	void containerThatIsRegisteredLaterKnowsItsRecords() throws Exception {
		MethodKafkaListenerEndpoint<String, String> endpoint = new MethodKafkaListenerEndpoint<>();
		endpoint.setId("late");
		endpoint.setGroupId("late");
		endpoint.setTopics("late");
		endpoint.setBean(this.listeners);
		endpoint.setMethod(KafkaListeners.class.getMethod("payload", String.class));
		DefaultMessageHandlerMethodFactory methods = new DefaultMessageHandlerMethodFactory();
		methods.afterPropertiesSet();
		endpoint.setMessageHandlerMethodFactory(methods);
		this.application.getBean(KafkaListenerEndpointRegistry.class)
			.registerListenerContainer(endpoint,
					this.application.getBean("kafkaListenerContainerFactory", KafkaListenerContainerFactory.class),
					true);
		send("late", this.text, "Idempotency-Key", "late " + this.text);
		send("late", this.text, "Idempotency-Key", "late " + this.text);
		String last = UUID.randomUUID().toString();
		send("late", last);
		this.effects.await("payload", last);
		assertThat(this.effects.count("payload", this.text)).isOne();
	}

	@Test
	void callWithoutARecordIsRefused() {
		assertThatIllegalStateException().isThrownBy(() -> this.listeners.payload(this.text))
			.withMessageContaining("key expression");
		assertThat(this.effects.count("payload", this.text)).isZero();
	}

}
