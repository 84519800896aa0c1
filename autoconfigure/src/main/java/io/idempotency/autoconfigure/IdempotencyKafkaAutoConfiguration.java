package io.idempotency.autoconfigure;

import io.idempotency.messaging.CurrentDelivery;
import io.idempotency.messaging.kafka.BatchListeners;
import io.idempotency.messaging.kafka.KafkaContainerPreparation;
import io.idempotency.messaging.kafka.KafkaTechnology;
import io.idempotency.messaging.kafka.RecordPositions;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.retrytopic.RetryTopicConfiguration;

/** Auto-configuration for listeners of Kafka. */
@AutoConfiguration
@ConditionalOnClass(KafkaListenerEndpointRegistry.class)
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@Import(CurrentDeliveryConfiguration.class)
public final class IdempotencyKafkaAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	KafkaTechnology idempotencyKafkaTechnology(ConfigurableListableBeanFactory beans) {
		return new KafkaTechnology(new BatchListeners(beans));
	}

	@Bean
	@ConditionalOnMissingBean
	RecordPositions idempotencyRecordPositions(ConfigurableListableBeanFactory beans,
			ObjectProvider<RetryTopicConfiguration> retryTopics) {
		return new RecordPositions(beans, retryTopics);
	}

	@Bean
	static KafkaContainerPreparation idempotencyKafkaContainerPreparation(CurrentDelivery current,
			ObjectProvider<KafkaListenerEndpointRegistry> registries) {
		return new KafkaContainerPreparation(current, registries);
	}

}
