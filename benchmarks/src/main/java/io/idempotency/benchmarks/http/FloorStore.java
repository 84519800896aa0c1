package io.idempotency.benchmarks.http;

import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import org.jspecify.annotations.Nullable;

/** The two commands of {@link FloorFilter}, over one connection. */
final class FloorStore {

	private final RedisCommands<byte[], byte[]> commands;

	FloorStore(StatefulRedisConnection<byte[], byte[]> connection) {
		this.commands = connection.sync();
	}

	/** Answers what was there before, {@code null} if the key is new. Needs Redis 7. */
	byte @Nullable [] claim(byte[] key, byte[] value) {
		return this.commands.setGet(key, value, SetArgs.Builder.nx().px(60_000));
	}

	void complete(byte[] key, byte[] value) {
		this.commands.set(key, value, SetArgs.Builder.px(86_400_000));
	}

}
