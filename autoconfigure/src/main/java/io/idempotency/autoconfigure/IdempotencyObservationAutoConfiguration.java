package io.idempotency.autoconfigure;

import io.idempotency.observation.UntimedOperations;
import io.micrometer.observation.ObservationHandler;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Auto-configuration for calls as observations, next to Spring Boot's. */
@AutoConfiguration
@ConditionalOnClass(ObservationRegistryCustomizer.class)
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
public final class IdempotencyObservationAutoConfiguration {

	/** Before the handler that times all observations, of which one takes each. */
	@Bean
	@ConditionalOnMissingBean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	UntimedOperations untimedOperations() {
		return new UntimedOperations();
	}

	@Bean
	ObservationListeners idempotencyObservationListeners(ObjectProvider<ObservationHandler<?>> handlers,
			ObjectProvider<ObservationRegistryCustomizer<?>> customizers) {
		return new ObservationListeners(handlers, customizers);
	}

}
