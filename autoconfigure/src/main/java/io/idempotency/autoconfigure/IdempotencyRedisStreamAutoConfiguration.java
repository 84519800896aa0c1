package io.idempotency.autoconfigure;

import io.idempotency.messaging.redis.RedisStreamTechnology;

import org.springframework.data.redis.connection.stream.Record;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Auto-configuration for entries of Redis Streams. */
@AutoConfiguration
@ConditionalOnClass({ Record.class, TransactionSynchronization.class })
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@Import(CurrentDeliveryConfiguration.class)
public final class IdempotencyRedisStreamAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RedisStreamTechnology idempotencyRedisStreamTechnology() {
		return new RedisStreamTechnology();
	}

}
