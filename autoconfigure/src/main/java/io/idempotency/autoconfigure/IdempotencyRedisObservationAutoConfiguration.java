package io.idempotency.autoconfigure;

import io.lettuce.core.tracing.LettuceObservationContext;
import io.micrometer.observation.ObservationPredicate;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for what the driver's observations say of the store's commands. */
@AutoConfiguration
@ConditionalOnClass({ ObservationPredicate.class, LettuceObservationContext.class })
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "idempotency.redis.observe-commands", havingValue = false, matchIfMissing = true)
@EnableConfigurationProperties(IdempotencyProperties.class)
public final class IdempotencyRedisObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	UnobservedRedisCommands unobservedRedisCommands(IdempotencyProperties properties) {
		return new UnobservedRedisCommands(properties.keyPrefix());
	}

}
