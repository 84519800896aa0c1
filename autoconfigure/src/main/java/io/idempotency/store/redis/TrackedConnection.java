package io.idempotency.store.redis;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.ByteArrayCodec;

/**
 * One connection, as long as its socket lives, whose server tells when something that was
 * read over it has changed.
 */
final class TrackedConnection implements PushListener, RedisConnectionStateListener {

	private static final String INVALIDATE = "invalidate";

	private final StatefulRedisConnection<byte[], byte[]> connection;

	private final Runnable onDisconnected;

	private final Map<ByteBuffer, CompletableFuture<Void>> watched = new ConcurrentHashMap<>();

	/** The server's answer to the wish to be told. */
	private final CompletionStage<?> tracking;

	TrackedConnection(StatefulRedisConnection<byte[], byte[]> connection, Runnable onDisconnected) {
		this.connection = connection;
		this.onDisconnected = onDisconnected;
		connection.addListener((PushListener) this);
		connection.addListener((RedisConnectionStateListener) this);
		this.tracking = connection.async().clientTracking(TrackingArgs.Builder.enabled());
	}

	CompletableFuture<Void> watch(byte[] key) {
		ByteBuffer name = ByteBuffer.wrap(key);
		CompletableFuture<Void> change = this.watched.computeIfAbsent(name, (unknown) -> new CompletableFuture<>());
		// what is read is tracked from then on: a change before that shows in the value
		var unused = this.tracking.thenCompose((told) -> this.connection.async().get(key))
			.whenComplete((value, failure) -> {
				if (failure != null) {
					this.watched.remove(name, change);
					change.completeExceptionally(failure);
				}
				else if (value == null || !RedisEnvelope.isPending(value)) {
					changed(name);
				}
			});
		return change;
	}

	private void changed(ByteBuffer name) {
		CompletableFuture<Void> change = this.watched.remove(name);
		if (change != null) {
			change.complete(null);
		}
	}

	@Override
	public void onPushMessage(PushMessage message) {
		if (!message.getType().equals(INVALIDATE)) {
			return;
		}
		List<Object> content = message.getContent(ByteArrayCodec.INSTANCE::decodeKey);
		if (content.size() > 1 && content.get(1) instanceof List<?> names) {
			names.forEach((name) -> changed(ByteBuffer.wrap((byte[]) name)));
		}
		else {
			// everything was flushed
			allChanged();
		}
	}

	private void allChanged() {
		this.watched.keySet().forEach(this::changed);
	}

	/** What the server knew of us is gone with the socket. */
	@Override
	public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
		this.onDisconnected.run();
		this.connection.removeListener((PushListener) this);
		this.connection.removeListener((RedisConnectionStateListener) this);
		allChanged();
	}

}
