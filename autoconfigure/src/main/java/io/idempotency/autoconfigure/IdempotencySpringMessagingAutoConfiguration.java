package io.idempotency.autoconfigure;

import io.idempotency.messaging.integration.SpringMessageTechnology;

import org.springframework.core.annotation.Order;
import org.springframework.messaging.Message;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Auto-configuration for Spring's own messages. */
@AutoConfiguration
@ConditionalOnClass({ Message.class, TransactionSynchronization.class })
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@Import(CurrentDeliveryConfiguration.class)
public final class IdempotencySpringMessagingAutoConfiguration {

	/** The others know more of their messages. */
	@Bean
	@Order
	@ConditionalOnMissingBean
	SpringMessageTechnology idempotencySpringMessageTechnology() {
		return new SpringMessageTechnology();
	}

}
