package io.idempotency.sample.order;

import java.time.Duration;
import java.util.stream.Stream;

import io.idempotency.messaging.kafka.KafkaRetries;
import org.apache.kafka.clients.admin.NewTopic;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaProducerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.kafka.config.ContainerCustomizer;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.AfterRollbackProcessor;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultAfterRollbackProcessor;
import org.springframework.kafka.support.converter.RecordMessageConverter;
import org.springframework.kafka.support.converter.StringJacksonJsonMessageConverter;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.util.backoff.FixedBackOff;

/** Transactions of Kafka for what is sent and for what is consumed. */
@Configuration(proxyBeanMethods = false)
@Profile("kafka")
class OrderKafkaConfiguration {

	private static final int PARTITIONS = 3;

	private static final int RETRIES = 9;

	/**
	 * @param instance no other process may have it at the same time. One that is the same
	 * after a restart ends at once what the dead process has left open; a random one
	 * leaves that to the transaction's timeout
	 */
	@Bean
	DefaultKafkaProducerFactoryCustomizer transactionalProducers(
			@Value("${orders.instance:${random.uuid}}") String instance) {
		return (factory) -> factory.setTransactionIdPrefix("orders-" + instance + "-");
	}

	/**
	 * The manager is no bean, as {@code @Transactional} and the records of
	 * {@code jdbc-transactional} mean the database's.
	 */
	@Bean
	ContainerCustomizer<Object, Object, ConcurrentMessageListenerContainer<Object, Object>> transactionalConsumers(
			ProducerFactory<Object, Object> producers) {
		KafkaTransactionManager<Object, Object> transactions = new KafkaTransactionManager<>(producers);
		return (container) -> container.getContainerProperties().setKafkaAwareTransactionManager(transactions);
	}

	@Bean
	RecordMessageConverter jsonRecords() {
		return new StringJacksonJsonMessageConverter();
	}

	@Bean
	AfterRollbackProcessor<Object, Object> deadLetterTopics(KafkaTemplate<Object, Object> kafka,
			@Value("${orders.redelivery:1s}") Duration pause) {
		return KafkaRetries.apply(new DefaultAfterRollbackProcessor<>(new DeadLetterPublishingRecoverer(kafka),
				new FixedBackOff(pause.toMillis(), RETRIES), kafka, true));
	}

	@Bean
	NewTopics orderTopics() {
		return new NewTopics(OrderTopics.ALL.stream()
			.flatMap((topic) -> Stream.of(topic, topic + "-dlt"))
			.map((topic) -> TopicBuilder.name(topic).partitions(PARTITIONS).build())
			.toArray(NewTopic[]::new));
	}

}
