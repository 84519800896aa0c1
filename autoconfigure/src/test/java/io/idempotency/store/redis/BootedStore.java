package io.idempotency.store.redis;

import java.time.Duration;

import io.idempotency.autoconfigure.RedisIdempotencyStoreAutoConfiguration;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

import static org.awaitility.Awaitility.await;

/** The store of an application that has nothing but properties, as Boot wires it. */
final class BootedStore implements AutoCloseable {

	private final ConfigurableApplicationContext application;

	BootedStore(String... properties) {
		this.application = new SpringApplicationBuilder(SslAutoConfiguration.class, DataRedisAutoConfiguration.class,
				RedisIdempotencyStoreAutoConfiguration.class)
			.web(WebApplicationType.NONE)
			.properties("spring.jmx.enabled=false", "spring.main.banner-mode=off", "logging.level.root=warn",
					"logging.level.io.idempotency.store.redis=info", "idempotency.store-timeout=5s")
			.properties(properties)
			.run();
	}

	/** Waits until the store is served, for as long as a busy machine takes. */
	BootedStore awaitConnected() {
		await().atMost(Duration.ofSeconds(30))
			.ignoreExceptionsInstanceOf(IdempotencyStoreException.class)
			.until(() -> store().claim(RecordLife.claim()) instanceof ClaimOutcome.Acquired);
		return this;
	}

	RedisIdempotencyStore store() {
		return this.application.getBean(RedisIdempotencyStore.class);
	}

	@Override
	public void close() {
		this.application.close();
	}

}
