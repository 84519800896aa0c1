package io.idempotency.autoconfigure;

import io.idempotency.messaging.CurrentDelivery;
import io.idempotency.messaging.amqp.AcknowledgeModes;
import io.idempotency.messaging.amqp.AmqpContainerPreparation;
import io.idempotency.messaging.amqp.AmqpTechnology;

import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Auto-configuration for listeners of RabbitMQ. */
@AutoConfiguration
@ConditionalOnClass(RabbitListenerEndpointRegistry.class)
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@Import(CurrentDeliveryConfiguration.class)
public final class IdempotencyAmqpAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	AmqpTechnology idempotencyAmqpTechnology(ConfigurableListableBeanFactory beans,
			ObjectProvider<RabbitListenerEndpointRegistry> registries,
			ObjectProvider<AbstractMessageListenerContainer> containers) {
		return new AmqpTechnology(new AcknowledgeModes(registries, containers), beans::resolveEmbeddedValue);
	}

	@Bean
	static AmqpContainerPreparation idempotencyAmqpContainerPreparation(CurrentDelivery current) {
		return new AmqpContainerPreparation(current);
	}

}
