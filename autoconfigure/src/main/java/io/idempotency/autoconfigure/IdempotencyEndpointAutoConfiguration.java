package io.idempotency.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.idempotency.actuate.IdempotencyEndpoint;
import io.idempotency.actuate.RecordDesk;
import io.idempotency.aop.OperationCatalog;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.RecordAdministration;
import io.idempotency.store.TransactionalIdempotencyStore;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for the endpoint {@code idempotency}. */
@AutoConfiguration(after = IdempotencyAutoConfiguration.class)
@ConditionalOnClass({ WebEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(IdempotencyEndpoint.class)
@ConditionalOnBean(OperationCatalog.class)
public final class IdempotencyEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IdempotencyEndpoint idempotencyEndpoint(OperationCatalog operations, Map<String, IdempotencyStore> stores,
			Map<String, TransactionalIdempotencyStore> transactional, IdempotencyProperties properties,
			ApplicationEventPublisher events) {
		Map<String, RecordAdministration> records = new LinkedHashMap<>(
				StoreNames.of(stores, RecordAdministration.class));
		records.putAll(StoreNames.of(transactional, RecordAdministration.class));
		return new IdempotencyEndpoint(
				new RecordDesk(operations::operations, records, properties.endpoint().showFingerprints()), events);
	}

}
