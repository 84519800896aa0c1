package io.idempotency.store.redis;

import java.time.Duration;

import io.idempotency.testsupport.RedisProcess;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A Redis and a store that is connected to it. */
final class ConnectedRedis implements AutoCloseable {

	static final Duration BUDGET = Duration.ofSeconds(2);

	private final RedisProcess redis;

	private final LettuceConnectionFactory connectionFactory;

	private final RedisIdempotencyStore store;

	ConnectedRedis(RedisProcess redis) {
		this.redis = redis;
		this.connectionFactory = new LettuceConnectionFactory("127.0.0.1", redis.port());
		this.connectionFactory.afterPropertiesSet();
		this.connectionFactory.start();
		this.store = new RedisIdempotencyStore(this.connectionFactory, "idempotency", BUDGET);
	}

	LettuceConnectionFactory connectionFactory() {
		return this.connectionFactory;
	}

	RedisIdempotencyStore store() {
		return this.store;
	}

	@Override
	public void close() {
		this.store.stop();
		this.connectionFactory.destroy();
		this.redis.close();
	}

}
