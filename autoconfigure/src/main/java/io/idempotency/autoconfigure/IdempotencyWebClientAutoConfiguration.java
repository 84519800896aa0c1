package io.idempotency.autoconfigure;

import io.idempotency.client.ReactiveOutgoingKeys;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.client.WebClient;

/** Auto-configuration for keys of calls that a {@link WebClient} makes. */
@AutoConfiguration(after = IdempotencyClientAutoConfiguration.class)
@ConditionalOnClass(WebClient.class)
public final class IdempotencyWebClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ReactiveOutgoingKeys idempotencyReactiveOutgoingKeys() {
		return new ReactiveOutgoingKeys();
	}

}
