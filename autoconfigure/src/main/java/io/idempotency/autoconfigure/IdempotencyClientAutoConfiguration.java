package io.idempotency.autoconfigure;

import io.idempotency.client.OutgoingKeys;
import io.idempotency.client.RetryScopes;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.http.client.ClientHttpRequestInterceptor;

/**
 * Auto-configuration for keys of outgoing calls. A client has none unless it is told to.
 */
@AutoConfiguration
@ConditionalOnClass(ClientHttpRequestInterceptor.class)
public final class IdempotencyClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	OutgoingKeys idempotencyOutgoingKeys() {
		return new OutgoingKeys();
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RetryScopes idempotencyRetryScopes() {
		return new RetryScopes();
	}

}
