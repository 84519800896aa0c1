package io.idempotency.messaging.kafka;

import io.idempotency.messaging.CurrentDelivery;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.config.AbstractKafkaListenerContainerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.RecordInterceptor;
import org.springframework.kafka.transaction.KafkaAwareTransactionManager;
import org.springframework.transaction.ConfigurableTransactionManager;

/**
 * Prepares containers before they start, and the factories of those that come later, so
 * that the door knows which record they are busy with and how their transactions end.
 */
final class KafkaContainers {

	private final CurrentDelivery current;

	KafkaContainers(CurrentDelivery current) {
		this.current = current;
	}

	/** What it makes from now on is prepared. */
	<K, V> void prepare(AbstractKafkaListenerContainerFactory<?, K, V> factory) {
		RecordInterceptor<K, V> own = factory.getRecordInterceptor();
		if (!(own instanceof DeliveryInterceptor<?, ?>)) {
			factory.setRecordInterceptor(new DeliveryInterceptor<>(this.current, own, null,
					() -> transaction(factory.getContainerProperties())));
		}
	}

	/** It has not started yet. */
	<K, V> void prepare(AbstractMessageListenerContainer<K, V> container) {
		ContainerProperties properties = container.getContainerProperties();
		RecordInterceptor<K, V> own = container.getRecordInterceptor();
		if (own instanceof DeliveryInterceptor<K, V> made) {
			own = made.inner();
		}
		container.setRecordInterceptor(new DeliveryInterceptor<>(this.current, own,
				container.getMainListenerId() != null, () -> transaction(properties)));
		observe(properties);
		if (container.getCommonErrorHandler() == null && properties.getKafkaAwareTransactionManager() == null
				&& !(properties.getMessageListener() instanceof BatchMessageListener<?, ?>)) {
			// it would make the same one, and that gives up after ten attempts
			container.setCommonErrorHandler(KafkaRetries.apply(new DefaultErrorHandler()));
		}
	}

	private @Nullable Object transaction(ContainerProperties properties) {
		KafkaAwareTransactionManager<?, ?> transactions = properties.getKafkaAwareTransactionManager();
		if (transactions == null) {
			return null;
		}
		observe(properties);
		return KafkaCommits.transaction(transactions.getProducerFactory());
	}

	/** Once for each manager, however many containers it serves. */
	private synchronized void observe(ContainerProperties properties) {
		KafkaAwareTransactionManager<?, ?> transactions = properties.getKafkaAwareTransactionManager();
		if (transactions instanceof ConfigurableTransactionManager manager
				&& manager.getTransactionExecutionListeners().stream().noneMatch(KafkaCommits.class::isInstance)) {
			ProducerFactory<?, ?> producers = transactions.getProducerFactory();
			manager.addListener(new KafkaCommits(this.current, producers));
		}
	}

}
