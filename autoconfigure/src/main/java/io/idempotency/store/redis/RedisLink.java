package io.idempotency.store.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The application's Redis connection, shared by all threads. Connecting may block for as
 * long as the driver likes, so a thread of its own does it, and callers wait for no
 * longer than their budget.
 */
final class RedisLink {

	private static final Log logger = LogFactory.getLog(RedisLink.class);

	private final LettuceConnectionFactory factory;

	private final Executor connector;

	/** No monitor: closing a connection may block, and so would pin a virtual thread. */
	private final ReentrantLock changing = new ReentrantLock();

	private volatile @Nullable Open open;

	private @Nullable CompletableFuture<Open> connecting;

	private final AtomicInteger epoch = new AtomicInteger();

	RedisLink(LettuceConnectionFactory factory) {
		this.factory = factory;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("idempotency-redis-");
		threads.setDaemon(true);
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				threads);
		// nothing to shut down: the thread ends by itself
		executor.allowCoreThreadTimeOut(true);
		this.connector = executor;
	}

	/** The commands of an open connection, or of one that is being opened. */
	CompletableFuture<Open> connection() {
		Open current = this.open;
		if (current != null && current.isOpen()) {
			return current.itself;
		}
		this.changing.lock();
		try {
			// one attempt at a time: the next one starts when this one has ended
			if (this.connecting == null || this.connecting.isDone()) {
				this.connecting = CompletableFuture.supplyAsync(this::connect, this.connector);
			}
			return this.connecting;
		}
		finally {
			this.changing.unlock();
		}
	}

	/** Connects, if there is something to connect to; if not, a later call will try. */
	void connectInBackground() {
		var unused = connection().whenComplete((connected, failure) -> {
			if (failure != null) {
				logger.debug("Redis is not there yet", failure);
			}
		});
	}

	private Open connect() {
		int epochBefore = this.epoch.get();
		RedisConnection connection = this.factory.getConnection();
		Open fresh = new Open(connection, commands(connection));
		this.changing.lock();
		try {
			if (this.epoch.get() != epochBefore) {
				connection.close();
				throw new IllegalStateException("The connection was given back meanwhile");
			}
			Open former = this.open;
			this.open = fresh;
			if (former != null) {
				former.connection.close();
			}
			return fresh;
		}
		finally {
			this.changing.unlock();
		}
	}

	@SuppressWarnings("unchecked")
	private static RedisClusterAsyncCommands<byte[], byte[]> commands(RedisConnection connection) {
		return (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
	}

	/** Gives the connection back; the next call opens another one. */
	void release() {
		this.changing.lock();
		try {
			Open current = this.open;
			this.epoch.incrementAndGet();
			this.open = null;
			this.connecting = null;
			if (current != null) {
				current.connection.close();
			}
		}
		finally {
			this.changing.unlock();
		}
	}

	/** A connection that has been open once. The driver reconnects it by itself. */
	static final class Open {

		private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);

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

		/**
		 * Waits for the driver to reconnect. A command that was handed to it meanwhile
		 * would stay in its memory until then, even if it is cancelled.
		 */
		boolean awaitOpen(long deadline) {
			while (!isOpen() && System.nanoTime() - deadline < 0) {
				if (Thread.currentThread().isInterrupted()) {
					return false;
				}
				LockSupport.parkNanos(this, LOOK);
			}
			return isOpen();
		}

	}

}
