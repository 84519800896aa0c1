package io.idempotency.autoconfigure;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.idempotency.store.memory.InMemoryIdempotencyStore;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for records in the memory of this process. */
@AutoConfiguration(before = IdempotencyAutoConfiguration.class)
@ConditionalOnClass(Caffeine.class)
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@EnableConfigurationProperties(IdempotencyProperties.class)
public final class InMemoryIdempotencyStoreAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "memoryIdempotencyStore")
	InMemoryIdempotencyStore memoryIdempotencyStore(IdempotencyProperties properties) {
		return new InMemoryIdempotencyStore(properties.memory().maxSize().toBytes());
	}

}
