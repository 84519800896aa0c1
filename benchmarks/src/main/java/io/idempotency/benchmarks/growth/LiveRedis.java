package io.idempotency.benchmarks.growth;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;

import io.idempotency.store.redis.RedisIdempotencyStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A Redis of its own, the store over it, and a connection to look into it. */
final class LiveRedis implements AutoCloseable {

	static final String PREFIX = "idempotency";

	private final RedisServer server = new RedisServer();

	private final RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", this.server.port()));

	private final StatefulRedisConnection<byte[], byte[]> connection = this.client.connect(ByteArrayCodec.INSTANCE);

	private final LettuceConnectionFactory factory = new LettuceConnectionFactory("127.0.0.1", this.server.port());

	private final RedisIdempotencyStore store = new RedisIdempotencyStore(this.factory, PREFIX, Duration.ofSeconds(5));

	LiveRedis() throws IOException {
		this.factory.afterPropertiesSet();
		this.factory.start();
		this.store.start();
	}

	RedisIdempotencyStore store() {
		return this.store;
	}

	StatefulRedisConnection<byte[], byte[]> connection() {
		return this.connection;
	}

	/** A number that the server tells of itself. */
	long info(String section, String name) {
		return new BigDecimal(text(section, name)).longValueExact();
	}

	/** Processor time, in microseconds. */
	long micros(String name) {
		return new BigDecimal(text("cpu", name)).movePointRight(6).longValue();
	}

	private String text(String section, String name) {
		return this.connection.sync()
			.info(section)
			.lines()
			.filter((line) -> line.startsWith(name + ":"))
			.map((line) -> line.substring(line.indexOf(':') + 1).strip())
			.findFirst()
			.orElseThrow();
	}

	@Override
	public void close() {
		this.store.stop();
		this.factory.destroy();
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
		this.server.close();
	}

}
