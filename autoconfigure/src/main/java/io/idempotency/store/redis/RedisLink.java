package io.idempotency.store.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The application's Redis connection, shared by all threads. Connecting may block for as
 * long as the driver likes, so a thread of its own does it, and callers wait for no
 * longer than their budget.
 */
final class RedisLink implements AutoCloseable {

	private final LettuceConnectionFactory factory;

	private final ExecutorService connector;

	private volatile @Nullable Open open;

	private @Nullable CompletableFuture<Open> connecting;

	RedisLink(LettuceConnectionFactory factory) {
		this.factory = factory;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("idempotency-redis-");
		threads.setDaemon(true);
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				threads);
		executor.allowCoreThreadTimeOut(true);
		this.connector = executor;
	}

	/** The commands of an open connection, or of one that is being opened. */
	CompletableFuture<Open> connection() {
		Open current = this.open;
		if (current != null && current.isOpen()) {
			return current.itself;
		}
		synchronized (this) {
			// one attempt at a time: the next one starts when this one has ended
			if (this.connecting == null || this.connecting.isDone()) {
				this.connecting = this.connector.isShutdown()
						? CompletableFuture.failedFuture(new IllegalStateException("The Redis store is closed"))
						: CompletableFuture.supplyAsync(this::connect, this.connector);
			}
			return this.connecting;
		}
	}

	private Open connect() {
		RedisConnection connection = this.factory.getConnection();
		Open fresh = new Open(connection, commands(connection));
		Open former = this.open;
		this.open = fresh;
		if (former != null) {
			former.connection.close();
		}
		return fresh;
	}

	@SuppressWarnings("unchecked")
	private static RedisClusterAsyncCommands<byte[], byte[]> commands(RedisConnection connection) {
		return (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
	}

	@Override
	public void close() {
		this.connector.shutdownNow();
		Open current = this.open;
		if (current != null) {
			current.connection.close();
		}
	}

	/** A connection that has been open once. The driver reconnects it by itself. */
	static final class Open {

		private final RedisConnection connection;

		private final RedisClusterAsyncCommands<byte[], byte[]> commands;

		private final @Nullable StatefulConnection<?, ?> state;

		private final CompletableFuture<Open> itself = CompletableFuture.completedFuture(this);

		Open(RedisConnection connection, RedisClusterAsyncCommands<byte[], byte[]> commands) {
			this.connection = connection;
			this.commands = commands;
			this.state = stateOf(commands);
		}

		// Spring Data hands out the commands only, and nothing else leads to the
		// connection
		@SuppressWarnings("deprecation")
		private static @Nullable StatefulConnection<?, ?> stateOf(RedisClusterAsyncCommands<byte[], byte[]> commands) {
			if (commands instanceof RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster) {
				return cluster.getStatefulConnection();
			}
			return (commands instanceof RedisAsyncCommands<byte[], byte[]> single) ? single.getStatefulConnection()
					: null;
		}

		RedisClusterAsyncCommands<byte[], byte[]> commands() {
			return this.commands;
		}

		boolean isOpen() {
			return this.state == null || this.state.isOpen();
		}

	}

}
