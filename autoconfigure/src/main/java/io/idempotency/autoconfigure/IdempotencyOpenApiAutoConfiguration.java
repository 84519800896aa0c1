package io.idempotency.autoconfigure;

import java.util.regex.Pattern;

import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.aop.InvocationDoor;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.openapi.IdempotencyOperationCustomizer;
import io.idempotency.openapi.PublishedSettings;
import io.idempotency.web.IdempotencyKeyResolver;
import org.springdoc.core.customizers.GlobalOperationComponentsCustomizer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;

/** Auto-configuration for the OpenAPI document of idempotent handlers. */
@AutoConfiguration(after = IdempotencyWebMvcAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ DispatcherServlet.class, GlobalOperationComponentsCustomizer.class })
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "springdoc.api-docs.enabled", matchIfMissing = true)
public final class IdempotencyOpenApiAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IdempotencyOperationCustomizer idempotencyOperationCustomizer(IdempotentOperationSource operations,
			ObjectProvider<InvocationDoor> doors, IdempotencyEngine engine, IdempotencyProperties properties,
			ObjectProvider<IdempotencyKeyResolver> resolvers) {
		IdempotencyProperties.Http http = properties.http();
		boolean resolved = resolvers.stream().findAny().isPresent();
		return new IdempotencyOperationCustomizer(operations, doors.orderedStream().toList(), engine::isTransactional,
				new PublishedSettings(resolved ? null : http.header(), http.replayHeader(), http.maxKeyLength(),
						http.strict(), (http.keyPattern() != null) ? Pattern.compile(http.keyPattern()) : null,
						http.documentationUri(), properties.newKeys().limit() > 0));
	}

}
