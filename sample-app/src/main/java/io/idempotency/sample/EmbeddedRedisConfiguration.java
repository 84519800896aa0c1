package io.idempotency.sample;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

import redis.embedded.core.ExecutableProvider;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Brings a Redis along where records are kept in one and the properties name none, so
 * that the application runs with nothing installed.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ DataRedisConnectionDetails.class, ExecutableProvider.class })
@ConditionalOnProperty(name = "idempotency.store", havingValue = "redis", matchIfMissing = true)
@Conditional(EmbeddedRedisConfiguration.NoRedisNamed.class)
class EmbeddedRedisConfiguration {

	@Bean(destroyMethod = "stop")
	EmbeddedRedis embeddedRedis() throws IOException, InterruptedException {
		return EmbeddedRedis.start();
	}

	/** The connection factory depends on this bean, so Redis stops after it has. */
	@Bean
	DataRedisConnectionDetails embeddedRedisConnectionDetails(EmbeddedRedis redis) {
		return new DataRedisConnectionDetails() {

			@Override
			public Standalone getStandalone() {
				return Standalone.of("127.0.0.1", redis.port());
			}

		};
	}

	static final class NoRedisNamed implements Condition {

		private static final List<String> NAMES = List.of("host", "url", "cluster.nodes", "sentinel.nodes",
				"masterreplica.nodes");

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			Binder binder = Binder.get(context.getEnvironment());
			return properties().noneMatch((property) -> binder.bind(property, Bindable.listOf(String.class)).isBound());
		}

		private static Stream<String> properties() {
			return NAMES.stream().map("spring.data.redis."::concat);
		}

	}

}
