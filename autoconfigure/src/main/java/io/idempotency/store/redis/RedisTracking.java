package io.idempotency.store.redis;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.store.StoreAwayException;
import io.lettuce.core.api.StatefulRedisConnection;

/**
 * Learns of changes from the servers' own tracking of what a client has read
 * ({@code CLIENT TRACKING}, since Redis 6): it costs nobody anything as long as nobody
 * waits, and nothing has to be published. Needs RESP3, which the driver speaks unless it
 * is told otherwise, and the right to {@code CLIENT TRACKING} and {@code GET}; a server
 * that refuses is asked now and then instead.
 * <p>
 * A connection of its own, as a server would go on telling the one that the stores share.
 * It is opened when somebody waits for the first time.
 */
final class RedisTracking {

	private final RedisLink link;

	private final Map<StatefulRedisConnection<byte[], byte[]>, TrackedConnection> tracked = new ConcurrentHashMap<>();

	RedisTracking(RedisLink link) {
		this.link = link;
	}

	CompletableFuture<Void> watch(byte[] key) {
		OpenRedis redis = this.link.getNow(key);
		if (redis == null) {
			this.link.connectInBackground(key);
			return CompletableFuture.failedFuture(new StoreAwayException("Redis is not connected yet", null));
		}
		return redis.connectionOf(key).thenCompose((connection) -> tracked(connection).watch(key));
	}

	private TrackedConnection tracked(StatefulRedisConnection<byte[], byte[]> connection) {
		return this.tracked.computeIfAbsent(connection,
				(unknown) -> new TrackedConnection(unknown, () -> this.tracked.remove(unknown)));
	}

	void release() {
		this.link.release();
	}

}
