package io.idempotency.autoconfigure;

import java.util.Map;

import io.idempotency.aop.IdempotentStreamAdvisor;
import io.idempotency.aop.IdempotentStreamAspect;
import io.idempotency.aop.PositionSource;
import io.idempotency.aop.StreamBeanValidator;
import io.idempotency.aop.StreamMethodSource;
import io.idempotency.aop.StreamRule;
import io.idempotency.engine.MarkStores;
import io.idempotency.engine.StreamEngine;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.TransactionalHighWaterMarkStore;
import io.idempotency.store.TransactionalIdempotencyStore;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.core.env.Environment;

/** Auto-configuration for methods that handle ordered streams. */
@AutoConfiguration(after = IdempotencyAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
public final class IdempotentStreamAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	StreamEngine idempotentStreamEngine(Map<String, IdempotencyStore> stores,
			Map<String, TransactionalIdempotencyStore> transactionalStores, IdempotencyMetrics metrics,
			IdempotencyProperties properties) {
		return new StreamEngine(
				new MarkStores(StoreNames.of(stores, HighWaterMarkStore.class),
						StoreNames.of(transactionalStores, TransactionalHighWaterMarkStore.class)),
				metrics, properties.waitTimeout());
	}

	@Bean
	@ConditionalOnMissingBean
	StreamMethodSource idempotentStreamMethodSource(IdempotencyProperties properties,
			ConfigurableListableBeanFactory beans, ObjectProvider<PositionSource> sources) {
		return new StreamMethodSource(properties.store(), beans::resolveEmbeddedValue, new BeanFactoryResolver(beans),
				sources.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	IdempotentStreamAspect idempotentStreamAspect(StreamMethodSource methods, StreamEngine engine) {
		return new IdempotentStreamAspect(methods, engine);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static IdempotentStreamAdvisor idempotentStreamAdvisor(ObjectProvider<IdempotentStreamAspect> aspect,
			Environment environment) {
		return new IdempotentStreamAdvisor(aspect::getObject,
				environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
	}

	@Bean
	static StreamBeanValidator idempotentStreamBeanValidator(ConfigurableListableBeanFactory beans,
			StreamMethodSource methods, ObjectProvider<StreamRule> rules, StreamEngine engine) {
		return new StreamBeanValidator(beans, methods, rules.orderedStream().toList(), engine);
	}

}
