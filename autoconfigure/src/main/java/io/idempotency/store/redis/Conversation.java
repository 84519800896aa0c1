package io.idempotency.store.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;

/**
 * Commands over one socket that belong together, such as a write and the question who
 * knows of it. The driver sends what is unanswered again when it has connected anew,
 * which may be to another server, and that one would speak of something else.
 */
final class Conversation implements RedisConnectionStateListener, AutoCloseable {

	private final StatefulConnection<byte[], byte[]> connection;

	private volatile boolean interrupted;

	/** Begins; what was said before does not count. */
	Conversation(StatefulConnection<byte[], byte[]> connection) {
		this.connection = connection;
		connection.addListener(this);
	}

	/** The driver says so before it connects anew. */
	@Override
	public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
		this.interrupted = true;
	}

	boolean isInterrupted() {
		return this.interrupted;
	}

	@Override
	public void close() {
		this.connection.removeListener(this);
	}

}
