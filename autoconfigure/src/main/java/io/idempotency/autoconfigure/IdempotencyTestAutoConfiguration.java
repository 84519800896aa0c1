package io.idempotency.autoconfigure;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.idempotency.test.IdempotencyClock;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for records of tests. Only where a test asks for it by
 * {@link io.idempotency.test.AutoConfigureIdempotency}.
 */
@AutoConfiguration(before = { IdempotencyAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class })
@ConditionalOnClass(Caffeine.class)
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@EnableConfigurationProperties(IdempotencyProperties.class)
public final class IdempotencyTestAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IdempotencyClock idempotencyClock() {
		return new IdempotencyClock();
	}

	@Bean
	@ConditionalOnMissingBean(name = "memoryIdempotencyStore")
	InMemoryIdempotencyStore memoryIdempotencyStore(IdempotencyProperties properties, IdempotencyClock clock) {
		return new InMemoryIdempotencyStore(properties.memory().maxSize().toBytes(), clock::getAsLong);
	}

}
