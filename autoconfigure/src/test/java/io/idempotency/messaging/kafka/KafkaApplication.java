package io.idempotency.messaging.kafka;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyKafkaAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;
import io.idempotency.messaging.Effects;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultAfterRollbackProcessor;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.RecordInterceptor;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.util.backoff.FixedBackOff;

/** An application with the factories of containers that its listeners name. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ AopAutoConfiguration.class, KafkaAutoConfiguration.class, IdempotencyAutoConfiguration.class,
		IdempotencyKafkaAutoConfiguration.class, IdempotencyMessagingAutoConfiguration.class,
		InMemoryIdempotencyStoreAutoConfiguration.class })
@Import({ KafkaListeners.class, KafkaHandlers.class, Effects.class })
class KafkaApplication {

	/** How many of the next commits fail. */
	final AtomicInteger commitsToFail = new AtomicInteger();

	/** How many records the application's own interceptor has seen. */
	final AtomicInteger intercepted = new AtomicInteger();

	/** Why records were given up after a rollback, by what is in them. */
	final Map<String, String> failures = new ConcurrentHashMap<>();

	@Bean
	RecordInterceptor<Object, Object> interceptor() {
		return (record, consumer) -> {
			this.intercepted.incrementAndGet();
			return record;
		};
	}

	@Bean
	ConcurrentKafkaListenerContainerFactory<String, String> manualFactory(ConsumerFactory<String, String> consumers) {
		ConcurrentKafkaListenerContainerFactory<String, String> factory = new ConcurrentKafkaListenerContainerFactory<>();
		factory.setConsumerFactory(consumers);
		factory.getContainerProperties().setAckMode(AckMode.MANUAL);
		factory.getContainerProperties().setPollTimeout(100);
		return factory;
	}

	@Bean
	ConcurrentKafkaListenerContainerFactory<String, String> deadLetterFactory(ConsumerFactory<String, String> consumers,
			KafkaTemplate<Object, Object> template) {
		ConcurrentKafkaListenerContainerFactory<String, String> factory = new ConcurrentKafkaListenerContainerFactory<>();
		factory.setConsumerFactory(consumers);
		factory.setCommonErrorHandler(KafkaRetries
			.apply(new DefaultErrorHandler(new DeadLetterPublishingRecoverer(template), new FixedBackOff(10, 2))));
		return factory;
	}

	@Bean
	ConcurrentKafkaListenerContainerFactory<String, String> transactionalFactory(
			ConsumerFactory<String, String> consumers, KafkaTransactionManager<String, String> transactions) {
		ConcurrentKafkaListenerContainerFactory<String, String> factory = new ConcurrentKafkaListenerContainerFactory<>();
		factory.setConsumerFactory(consumers);
		factory.getContainerProperties().setKafkaAwareTransactionManager(transactions);
		return factory;
	}

	@Bean
	ConcurrentKafkaListenerContainerFactory<String, String> givingUpFactory(ConsumerFactory<String, String> consumers,
			KafkaTransactionManager<String, String> transactions) {
		ConcurrentKafkaListenerContainerFactory<String, String> factory = transactionalFactory(consumers, transactions);
		factory.setAfterRollbackProcessor(
				new DefaultAfterRollbackProcessor<>(
						(record, failure) -> this.failures.put((String) record.value(),
								NestedExceptionUtils.getMostSpecificCause(failure).getMessage()),
						new FixedBackOff(0, 0)));
		return factory;
	}

	@Bean
	@Primary
	KafkaTemplate<Object, Object> template(KafkaProperties properties) {
		return new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(properties.buildProducerProperties()));
	}

	@Bean
	@TransactionalKafka
	ProducerFactory<String, String> transactionalProducers(KafkaProperties properties) {
		DefaultKafkaProducerFactory<String, String> producers = new DefaultKafkaProducerFactory<>(
				properties.buildProducerProperties());
		producers.setTransactionIdPrefix("test-");
		producers.addPostProcessor(this::failing);
		return producers;
	}

	@SuppressWarnings("unchecked") // what it stands before is one
	private Producer<String, String> failing(Producer<String, String> producer) {
		return (Producer<String, String>) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Producer.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("commitTransaction")
							&& this.commitsToFail.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
						throw new KafkaException("the commit fails");
					}
					try {
						return method.invoke(producer, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@Bean
	KafkaTransactionManager<String, String> kafkaTransactionManager(
			@TransactionalKafka ProducerFactory<String, String> producers) {
		return new KafkaTransactionManager<>(producers);
	}

	@Bean
	@TransactionalKafka
	KafkaTemplate<String, String> transactionalTemplate(@TransactionalKafka ProducerFactory<String, String> producers) {
		return new KafkaTemplate<>(producers);
	}

	/** Properties of an application. */
	static Map<String, Object> properties() {
		return Map.of("spring.kafka.bootstrap-servers", KafkaBroker.address(),
				"spring.kafka.consumer.auto-offset-reset", "earliest", "idempotency.store", "memory",
				"spring.main.banner-mode", "off", "logging.level.root", "error", "logging.level.org.apache.kafka",
				"off", "spring.kafka.consumer.properties[fetch.max.wait.ms]", "50");
	}

}
