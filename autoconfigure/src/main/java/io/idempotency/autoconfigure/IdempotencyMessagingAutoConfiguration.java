package io.idempotency.autoconfigure;

import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.messaging.CurrentDelivery;
import io.idempotency.messaging.MessageDoor;
import io.idempotency.messaging.MessageTechnology;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * Auto-configuration for methods that process messages, whatever brings them.
 */
@AutoConfiguration(after = { IdempotencyAutoConfiguration.class, IdempotencyKafkaAutoConfiguration.class,
		IdempotencyAmqpAutoConfiguration.class, IdempotencyJmsAutoConfiguration.class,
		IdempotencySpringMessagingAutoConfiguration.class, IdempotencyRedisStreamAutoConfiguration.class })
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@ConditionalOnBean(MessageTechnology.class)
public final class IdempotencyMessagingAutoConfiguration {

	@Bean
	@Order(1)
	@ConditionalOnMissingBean
	MessageDoor idempotencyMessageDoor(IdempotencyEngine engine, ObjectProvider<MessageTechnology> technologies,
			CurrentDelivery current, IdempotencyProperties properties) {
		return new MessageDoor(engine, technologies.orderedStream().toList(), current,
				properties.messaging().keyHeader(), properties.messaging().maxKeyLength());
	}

}
