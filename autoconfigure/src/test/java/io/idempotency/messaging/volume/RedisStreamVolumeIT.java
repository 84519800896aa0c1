package io.idempotency.messaging.volume;

import java.util.List;
import java.util.Map;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.core.StreamOperations;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Entries of a Redis stream, for a group whose consumers take over what is left. */
@Tag("volume")
class RedisStreamVolumeIT extends VolumeContract {

	private RedisProcess redis;

	private LettuceConnectionFactory connections;

	private StreamOperations<String, String, String> streams;

	@BeforeAll
	void start() {
		this.redis = RedisProcess.redis62();
		this.connections = new LettuceConnectionFactory("127.0.0.1", this.redis.port());
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.streams = new StringRedisTemplate(this.connections).opsForStream();
	}

	@AfterAll
	void stop() {
		this.connections.destroy();
		this.redis.close();
	}

	@Override
	Class<?> listeners() {
		return RedisStreamOrders.class;
	}

	/** Its listeners, and the thread that takes over what others have left. */
	@Override
	int inHand() {
		return CONCURRENCY + 1;
	}

	@Override
	String storeWithLease() {
		return "redis";
	}

	@Override
	List<String> properties() {
		return List.of("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + this.redis.port());
	}

	@Override
	void open(String destination) {
		this.streams.createGroup(destination, ReadOffset.from("0"), RedisStreamOrders.GROUP);
	}

	@Override
	void send(String destination, List<String> messages) {
		messages
			.forEach((message) -> this.streams.add(destination, Map.of("order", message, "Idempotency-Key", message)));
	}

	/**
	 * Redis 6.2 knows a consumer when it has an entry: before that it shows as waiting.
	 */
	@Override
	int consumers(String destination) {
		return (int) this.redis.send("CLIENT LIST")
			.lines()
			.filter((client) -> client.contains("cmd=xreadgroup"))
			.count();
	}

	/** Those that are pending, and those after the last one that was delivered. */
	@Override
	long left(String destination) {
		var group = this.streams.groups(destination).get(0);
		return group.pendingCount()
				+ this.streams.range(destination, Range.rightUnbounded(Range.Bound.exclusive(group.lastDeliveredId())))
					.size();
	}

	@Override
	List<String> dead(String destination) {
		return this.streams.range(destination + "-dead", Range.unbounded())
			.stream()
			.map((entry) -> entry.getValue().get("order"))
			.toList();
	}

}
