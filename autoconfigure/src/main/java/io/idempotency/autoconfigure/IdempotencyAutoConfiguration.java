package io.idempotency.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.idempotency.IdempotencyTemplate;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.PayloadCipher;
import io.idempotency.aop.IdempotentAdvisor;
import io.idempotency.aop.IdempotentAspect;
import io.idempotency.aop.IdempotentBeanValidator;
import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.aop.InvocationDoor;
import io.idempotency.aop.OperationCatalog;
import io.idempotency.aop.OperationDefaults;
import io.idempotency.aop.OperationNames;
import io.idempotency.aop.OperationRule;
import io.idempotency.aop.PlainMethodDoor;
import io.idempotency.aop.ScheduledJobDoor;
import io.idempotency.aop.ValueCallTemplate;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.engine.LeaseKeeper;
import io.idempotency.engine.NewKeyCeiling;
import io.idempotency.engine.PayloadProtection;
import io.idempotency.engine.ProtectedStore;
import io.idempotency.engine.ProtectedTransactions;
import io.idempotency.engine.Stores;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.FencingNumberSource;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.NewKeyCounter;
import io.idempotency.store.RecordWatcher;
import io.idempotency.store.TransactionalIdempotencyStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for idempotent methods: the engine, the aspect and the door of plain
 * methods.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@EnableConfigurationProperties(IdempotencyProperties.class)
public final class IdempotencyAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IdempotencyMetrics idempotencyMetrics(ObjectProvider<MeterRegistry> meters,
			ObjectProvider<ObservationRegistry> observations, ObjectProvider<ObservationListeners> listeners) {
		ObservationRegistry observing = observations.getIfUnique(() -> ObservationRegistry.NOOP);
		boolean heard = listeners.stream().allMatch((known) -> known.mayHear(observing));
		return new IdempotencyMetrics(meters.getIfAvailable(CompositeMeterRegistry::new),
				heard ? observing : ObservationRegistry.NOOP);
	}

	@Bean
	@ConditionalOnMissingBean
	LeaseKeeper idempotencyLeaseKeeper() {
		return new LeaseKeeper();
	}

	@Bean
	@ConditionalOnMissingBean
	IdempotencyEngine idempotencyEngine(Map<String, IdempotencyStore> stores,
			Map<String, TransactionalIdempotencyStore> transactionalStores, IdempotencyProperties properties,
			ObjectProvider<PayloadCipher> cipher, LeaseKeeper keeper, IdempotencyMetrics metrics) {
		Map<String, IdempotencyStore> leased = StoreNames.of(stores);
		Map<String, TransactionalIdempotencyStore> transactional = StoreNames.of(transactionalStores);
		// the store itself counts, not what stands before it
		IdempotencyStore named = leased.get(properties.store());
		NewKeyCeiling ceiling = ceiling((named != null) ? named : transactional.get(properties.store()), properties);
		PayloadProtection protection = protection(properties, cipher.getIfAvailable());
		Map<String, RecordWatcher> watchers = those(leased, RecordWatcher.class);
		Map<String, FencingNumberSource> fencing = those(leased, FencingNumberSource.class);
		fencing.putAll(those(transactional, FencingNumberSource.class));
		leased.replaceAll((name, store) -> new ProtectedStore(store, protection));
		transactional.replaceAll((name, store) -> new ProtectedTransactions(store, protection));
		return new IdempotencyEngine(new Stores(leased, watchers, transactional, fencing),
				properties.maxDeferredSize().toBytes(), keeper, metrics, ceiling);
	}

	private static @Nullable NewKeyCeiling ceiling(@Nullable Object store, IdempotencyProperties properties) {
		IdempotencyProperties.NewKeys newKeys = properties.newKeys();
		if (newKeys.limit() == 0) {
			return null;
		}
		if (!(store instanceof NewKeyCounter counter)) {
			throw new InvalidIdempotencyConfigurationException(
					"The property idempotency.new-keys.limit is " + newKeys.limit() + ", but the store '"
							+ properties.store() + "' cannot count.",
					"Use the store redis, jdbc or memory, let your own implement NewKeyCounter, or take the limit away.");
		}
		return new NewKeyCeiling(counter, newKeys.limit(), newKeys.window());
	}

	private static PayloadProtection protection(IdempotencyProperties properties, @Nullable PayloadCipher cipher) {
		IdempotencyProperties.Encryption encryption = properties.encryption();
		if (cipher == null && encryption.keyset() != null) {
			throw new InvalidIdempotencyConfigurationException(
					"The property idempotency.encryption.keyset is set, but there is nothing that encrypts.",
					"Add com.google.crypto.tink:tink to the class path, or declare a bean of type "
							+ PayloadCipher.class.getName() + ".");
		}
		IdempotencyProperties.Compression compression = properties.compression();
		int threshold = compression.enabled() ? (int) compression.threshold().toBytes() : Integer.MAX_VALUE;
		return new PayloadProtection(threshold, cipher, encryption.acceptUnencrypted());
	}

	/** Those of the stores that can do something more. */
	private static <T> Map<String, T> those(Map<String, ?> stores, Class<T> able) {
		Map<String, T> found = new LinkedHashMap<>();
		stores.forEach((name, store) -> {
			if (able.isInstance(store)) {
				found.put(name, able.cast(store));
			}
		});
		return found;
	}

	@Bean
	@ConditionalOnMissingBean
	IdempotentOperationSource idempotentOperationSource(IdempotencyProperties properties,
			ConfigurableListableBeanFactory beans) {
		return new IdempotentOperationSource(defaults(properties), beans::resolveEmbeddedValue,
				new BeanFactoryResolver(beans));
	}

	@Bean
	@ConditionalOnMissingBean
	OperationCatalog idempotentOperationCatalog(IdempotentOperationSource operations,
			ObjectProvider<OperationNames> names) {
		return new OperationCatalog(operations, names.orderedStream().toList());
	}

	private static OperationDefaults defaults(IdempotencyProperties properties) {
		return new OperationDefaults(properties.ttl(), properties.lease(), properties.storeTimeout().multipliedBy(2),
				properties.inProgress(), properties.waitTimeout(), properties.recovery(), properties.onStoreFailure(),
				properties.store());
	}

	@Bean
	@ConditionalOnMissingBean
	IdempotencyTemplate idempotencyTemplate(IdempotencyEngine engine, IdempotencyProperties properties) {
		return new ValueCallTemplate(engine, defaults(properties));
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE - 1)
	InvocationDoor scheduledJobDoor(IdempotencyEngine engine, ConfigurableListableBeanFactory beans) {
		return new ScheduledJobDoor(engine, beans::resolveEmbeddedValue);
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	InvocationDoor plainMethodDoor(IdempotencyEngine engine) {
		return new PlainMethodDoor(engine);
	}

	@Bean
	@ConditionalOnMissingBean
	IdempotentAspect idempotentAspect(IdempotentOperationSource operations, ObjectProvider<InvocationDoor> doors) {
		return new IdempotentAspect(operations, doors.orderedStream().toList());
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static IdempotentAdvisor idempotentAdvisor(ObjectProvider<IdempotentAspect> aspect, Environment environment) {
		return new IdempotentAdvisor(aspect::getObject,
				environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
	}

	@Bean
	static IdempotentBeanValidator idempotentBeanValidator(ConfigurableListableBeanFactory beans,
			IdempotentOperationSource operations, ObjectProvider<InvocationDoor> doors,
			ObjectProvider<OperationRule> rules, IdempotencyEngine engine) {
		return new IdempotentBeanValidator(beans, operations, doors.orderedStream().toList(),
				rules.orderedStream().toList(), engine);
	}

}
