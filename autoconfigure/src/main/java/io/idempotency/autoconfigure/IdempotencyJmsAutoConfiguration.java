package io.idempotency.autoconfigure;

import io.idempotency.messaging.CurrentDelivery;
import io.idempotency.messaging.jms.JmsContainerPreparation;
import io.idempotency.messaging.jms.JmsTechnology;
import jakarta.jms.Message;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jms.config.JmsListenerEndpointRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Auto-configuration for listeners of JMS. */
@AutoConfiguration
@ConditionalOnClass({ JmsListenerEndpointRegistry.class, Message.class })
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@Import(CurrentDeliveryConfiguration.class)
public final class IdempotencyJmsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JmsTechnology idempotencyJmsTechnology() {
		return new JmsTechnology();
	}

	@Bean
	JmsContainerPreparation idempotencyJmsContainerPreparation(CurrentDelivery current,
			ObjectProvider<JmsListenerEndpointRegistry> registries) {
		return new JmsContainerPreparation(current, registries);
	}

}
