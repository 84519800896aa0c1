package io.idempotency.autoconfigure;

import java.util.Map;

import io.idempotency.actuate.IdempotencyStoreHealthIndicator;
import io.idempotency.store.StoreInspector;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for the health of stores, under {@code idempotency}. */
@AutoConfiguration(after = RedisIdempotencyStoreAutoConfiguration.class)
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@ConditionalOnEnabledHealthIndicator("idempotency")
@ConditionalOnBean(StoreInspector.class)
@EnableConfigurationProperties(IdempotencyProperties.class)
public final class IdempotencyHealthAutoConfiguration
		extends CompositeHealthContributorConfiguration<IdempotencyStoreHealthIndicator, StoreInspector> {

	IdempotencyHealthAutoConfiguration(IdempotencyProperties properties) {
		super((store) -> new IdempotencyStoreHealthIndicator(store, properties.onStoreFailure()));
	}

	@Bean
	@ConditionalOnMissingBean(name = { "idempotencyHealthIndicator", "idempotencyHealthContributor" })
	HealthContributor idempotencyHealthContributor(Map<String, StoreInspector> stores) {
		return createContributor(stores);
	}

}
