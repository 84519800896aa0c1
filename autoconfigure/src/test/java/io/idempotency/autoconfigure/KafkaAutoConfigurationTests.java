package io.idempotency.autoconfigure;

import java.util.List;
import java.util.Map;

import io.idempotency.Idempotent;
import io.idempotency.IdempotentStream;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.messaging.CurrentDelivery;
import io.idempotency.messaging.MessageDoor;
import io.idempotency.messaging.kafka.KafkaTechnology;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.annotation.KafkaHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.kafka.annotation.TopicPartition;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.retrytopic.RetryTopicConfiguration;
import org.springframework.kafka.retrytopic.RetryTopicConfigurationBuilder;
import org.springframework.messaging.Message;

import static org.assertj.core.api.Assertions.assertThat;

/** What an application gets that has Kafka, and which listeners fail its start. */
class KafkaAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("idempotency.store=memory", "spring.kafka.listener.auto-startup=false")
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, KafkaAutoConfiguration.class,
				IdempotencyAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class,
				IdempotencyKafkaAutoConfiguration.class, IdempotencyMessagingAutoConfiguration.class));

	@Test
	void doorIsThereWithKafka() {
		this.runner.withBean(Single.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(MessageDoor.class)
				.hasSingleBean(KafkaTechnology.class)
				.hasSingleBean(CurrentDelivery.class));
	}

	@Test
	void nothingIsThereWithoutKafka() {
		this.runner.withClassLoader(new FilteredClassLoader(KafkaListenerEndpointRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(MessageDoor.class)
				.doesNotHaveBean(CurrentDelivery.class));
	}

	@Test
	void nothingIsThereWhenSwitchedOff() {
		this.runner.withPropertyValues("idempotency.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(MessageDoor.class)
				.doesNotHaveBean(CurrentDelivery.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { BatchAttribute.class, Records.class, ListOfRecords.class, ListOfMessages.class })
	void listenerOfManyRecordsFailsTheStart(Class<?> listener) {
		this.runner.withBean(listener).run((context) -> assertRefused(context, "IdempotencyTemplate"));
	}

	@Test
	void factoryOfManyRecordsFailsTheStart() {
		this.runner.withPropertyValues("spring.kafka.listener.type=batch")
			.withBean(ListOfTexts.class)
			.run((context) -> assertRefused(context, "IdempotencyTemplate"));
		this.runner.withBean(ListOfTexts.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void returnedMessageFailsTheStart() {
		this.runner.withBean(WholeMessage.class).run((context) -> assertRefused(context, "Return the payload"));
	}

	private static void assertRefused(AssertableApplicationContext context, String action) {
		assertThat(context).hasFailed();
		assertThat(context.getStartupFailure()).isInstanceOfSatisfying(InvalidIdempotencyConfigurationException.class,
				(failure) -> assertThat(failure.getAction()).contains(action));
	}

	static class Single {

		@Idempotent
		@KafkaListener(topics = "a", groupId = "a")
		public void on(String payload) {
		}

	}

	static class BatchAttribute {

		@Idempotent(key = "'a'")
		@KafkaListener(topics = "a", groupId = "a", batch = "${none:true}")
		public void on(List<String> payload) {
		}

	}

	static class Records {

		@Idempotent
		@KafkaListener(topics = "a", groupId = "a")
		public void on(ConsumerRecords<String, String> records) {
		}

	}

	static class ListOfRecords {

		@Idempotent
		@KafkaListener(topics = "a", groupId = "a")
		public void on(List<ConsumerRecord<String, String>> records) {
		}

	}

	@ParameterizedTest
	@ValueSource(classes = { RetriedStream.class, StreamOfRetriedClass.class, StreamOfConfiguredTopic.class,
			StreamOfComputedTopics.class, StreamOfConfiguredPartition.class })
	void streamWhoseRecordsGoToRetryTopicsFailsTheStart(Class<?> listener) {
		this.runner.withConfiguration(AutoConfigurations.of(IdempotentStreamAutoConfiguration.class))
			.withPropertyValues("topic=configured")
			.withBean(RetryTopicConfiguration.class,
					() -> RetryTopicConfigurationBuilder.newInstance()
						.includeTopic("configured")
						.create(new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(Map.of()))))
			.withBean(listener)
			.run((context) -> assertRefused(context, "without retry topics"));
	}

	static class RetriedStream {

		@IdempotentStream
		@RetryableTopic
		@KafkaListener(topics = "a", groupId = "a")
		public void on(ConsumerRecord<String, String> record) {
		}

	}

	@RetryableTopic
	@KafkaListener(topics = "a", groupId = "a")
	static class StreamOfRetriedClass {

		@IdempotentStream
		@KafkaHandler
		public void on(ConsumerRecord<String, String> record) {
		}

	}

	static class StreamOfConfiguredTopic {

		@IdempotentStream
		@KafkaListener(topics = "${topic}", groupId = "a")
		public void on(ConsumerRecord<String, String> record) {
		}

	}

	static class StreamOfComputedTopics {

		@IdempotentStream
		@KafkaListener(topics = "#{'${topic}'.split(',')}", groupId = "a")
		public void on(ConsumerRecord<String, String> record) {
		}

	}

	static class StreamOfConfiguredPartition {

		@IdempotentStream
		@KafkaListener(topicPartitions = @TopicPartition(topic = "${topic}", partitions = "0"), groupId = "a")
		public void on(ConsumerRecord<String, String> record) {
		}

	}

	static class ListOfMessages {

		@Idempotent
		@KafkaListener(topics = "a", groupId = "a")
		public void on(List<Message<String>> messages) {
		}

	}

	static class ListOfTexts {

		@Idempotent
		@KafkaListener(topics = "a", groupId = "a")
		public void on(List<String> payload) {
		}

	}

	static class WholeMessage {

		@Idempotent
		@KafkaListener(topics = "a", groupId = "a")
		public ConsumerRecord<String, String> on(String payload) {
			return new ConsumerRecord<>("a", 0, 0, "", payload);
		}

	}

}
