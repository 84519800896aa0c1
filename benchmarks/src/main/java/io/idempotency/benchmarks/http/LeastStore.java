package io.idempotency.benchmarks.http;

import java.nio.charset.StandardCharsets;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import org.jspecify.annotations.Nullable;

/** The two commands of {@link LeastFilter}, of which the second proves ownership. */
final class LeastStore {

	private static final byte[] RETENTION = "86400000".getBytes(StandardCharsets.US_ASCII);

	/** {@code ARGV}: the owner, milliseconds, the value. */
	private static final String COMPLETE = """
			if redis.call('GETRANGE', KEYS[1], '0', '7') ~= ARGV[1] then
			  return 0
			end
			redis.call('PSETEX', KEYS[1], ARGV[2], ARGV[3])
			return 1
			""";

	private final FloorStore floor;

	private final RedisCommands<byte[], byte[]> commands;

	private final String script;

	LeastStore(StatefulRedisConnection<byte[], byte[]> connection) {
		this.floor = new FloorStore(connection);
		this.commands = connection.sync();
		this.script = this.commands.scriptLoad(COMPLETE);
	}

	/** As the floor does. */
	byte @Nullable [] claim(byte[] key, byte[] value) {
		return this.floor.claim(key, value);
	}

	void complete(byte[] key, byte[] owner, byte[] value) {
		Long done = this.commands.evalsha(this.script, ScriptOutputType.INTEGER, new byte[][] { key }, owner, RETENTION,
				value);
		if (done != 1) {
			throw new IllegalStateException("The claim was lost");
		}
	}

}
