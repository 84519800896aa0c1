package io.idempotency.autoconfigure;

import io.idempotency.store.redis.RedisIdempotencyStore;
import io.idempotency.store.redis.RedisSettings;
import io.lettuce.core.RedisClient;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Auto-configuration for records in Redis. */
@AutoConfiguration(before = IdempotencyAutoConfiguration.class,
		afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass({ LettuceConnectionFactory.class, RedisClient.class })
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@EnableConfigurationProperties(IdempotencyProperties.class)
public final class RedisIdempotencyStoreAutoConfiguration {

	@Bean
	@ConditionalOnSingleCandidate(LettuceConnectionFactory.class)
	@ConditionalOnMissingBean(name = "redisIdempotencyStore")
	RedisIdempotencyStore redisIdempotencyStore(LettuceConnectionFactory connectionFactory,
			IdempotencyProperties properties) {
		IdempotencyProperties.Redis redis = properties.redis();
		return new RedisIdempotencyStore(connectionFactory, new RedisSettings(properties.keyPrefix(),
				properties.storeTimeout(), redis.minReplicas(), redis.replicaTimeout(), redis.check()));
	}

}
