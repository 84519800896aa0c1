package io.idempotency.store.redis;

import io.idempotency.autoconfigure.RedisIdempotencyStoreAutoConfiguration;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** The store of an application that has nothing but properties, as Boot wires it. */
final class BootedStore implements AutoCloseable {

	private final ConfigurableApplicationContext application;

	BootedStore(String... properties) {
		this.application = new SpringApplicationBuilder(SslAutoConfiguration.class, DataRedisAutoConfiguration.class,
				RedisIdempotencyStoreAutoConfiguration.class)
			.web(WebApplicationType.NONE)
			.properties("spring.jmx.enabled=false", "spring.main.banner-mode=off", "logging.level.root=warn",
					"logging.level.io.idempotency.store.redis=info")
			.properties(properties)
			.run();
	}

	RedisIdempotencyStore store() {
		return this.application.getBean(RedisIdempotencyStore.class);
	}

	@Override
	public void close() {
		this.application.close();
	}

}
