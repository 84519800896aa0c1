package io.idempotency.store.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Opens connections of this library's own with the client of the application's connection
 * factory: its hosts, its Sentinel or Cluster, its credentials, its TLS and its options.
 * <p>
 * They are not the one that the application shares, so that this library may replace one
 * that leads nowhere, and none of them reads from a replica, whatever the application
 * prefers.
 */
final class RedisDial {

	/** Between two looks at a Cluster. */
	private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

	/** A look that takes longer waits for a server that says nothing. */
	private static final long LONG_LOOK = TimeUnit.SECONDS.toNanos(5);

	private final LettuceConnectionFactory factory;

	private final AtomicLong lastLook = new AtomicLong(System.nanoTime() - LONG_LOOK);

	private volatile CompletionStage<Void> look = CompletableFuture.completedStage(null);

	RedisDial(LettuceConnectionFactory factory) {
		this.factory = factory;
	}

	/** Opens a connection. Blocks for as long as the driver likes. */
	OpenRedis open() {
		AbstractRedisClient client = this.factory.getRequiredNativeClient();
		if (client instanceof RedisClusterClient cluster) {
			StatefulRedisClusterConnection<byte[], byte[]> connection = cluster.connect(ByteArrayCodec.INSTANCE);
			return new OpenRedis(connection, connection.async(), connection::close, () -> lookAround(cluster), false);
		}
		if (findsPrimary()) {
			return share();
		}
		try {
			StatefulRedisConnection<byte[], byte[]> connection = ((RedisClient) client)
				.connect(ByteArrayCodec.INSTANCE);
			return new OpenRedis(connection, connection.async(), connection::close, RedisDial::stay, false);
		}
		catch (IllegalStateException ex) {
			return share();
		}
	}

	/**
	 * Has the driver look who is who in a Cluster. That asks every node over a connection
	 * of its own, so however many calls want it, it happens once in a while only.
	 */
	private void lookAround(RedisClusterClient cluster) {
		long now = System.nanoTime();
		long last = this.lastLook.get();
		long pause = this.look.toCompletableFuture().isDone() ? PAUSE : LONG_LOOK;
		if (now - last >= pause && this.lastLook.compareAndSet(last, now)) {
			this.look = look(cluster);
		}
	}

	private static CompletionStage<Void> look(RedisClusterClient cluster) {
		try {
			return cluster.refreshPartitionsAsync();
		}
		catch (RuntimeException ex) {
			// closed meanwhile
			return CompletableFuture.failedStage(ex);
		}
	}

	/** A server that is no Cluster's moves nothing. */
	private static void stay() {
		// nothing to be looked up
	}

	/** With a preference for replicas, any of the servers may be named as the host. */
	private boolean findsPrimary() {
		return this.factory.getClientConfiguration().getReadFrom().isPresent() && !this.factory.isRedisSentinelAware();
	}

	/**
	 * Where primary and replicas are listed one by one, the client has no address and the
	 * connection factory alone knows who is who.
	 */
	private OpenRedis share() {
		RedisConnection connection = this.factory.getConnection();
		@SuppressWarnings("unchecked")
		RedisAsyncCommands<byte[], byte[]> commands = (RedisAsyncCommands<byte[], byte[]>) connection
			.getNativeConnection();
		return new OpenRedis(stateOf(commands), commands, connection::close, RedisDial::stay, true);
	}

	// Spring Data hands out the commands only, and nothing else leads to the connection
	@SuppressWarnings("deprecation")
	private static StatefulConnection<byte[], byte[]> stateOf(RedisAsyncCommands<byte[], byte[]> commands) {
		return commands.getStatefulConnection();
	}

}
