package io.idempotency.store.redis;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StreamKey;
import io.idempotency.store.UnreadableRecordException;
import io.lettuce.core.GetExArgs;
import org.jspecify.annotations.Nullable;

/**
 * The marks of streams, one STRING each, without an expiry: the format's version and the
 * position, nine bytes. Scripts compare them as bytes, as the numbers of Lua are not
 * exact beyond 53 bits.
 */
final class RedisMarks {

	private static final byte VERSION = 1;

	private static final int LENGTH = 1 + Long.BYTES;

	private static final byte[] ABSENT = new byte[0];

	private final RedisLink link;

	private final @Nullable ReplicaQuorum quorum;

	private final RedisKeys keys;

	private final long timeoutNanos;

	RedisMarks(RedisLink link, @Nullable ReplicaQuorum quorum, RedisKeys keys, long timeoutNanos) {
		this.link = link;
		this.quorum = quorum;
		this.keys = keys;
		this.timeoutNanos = timeoutNanos;
	}

	/** {@code GETEX} reads like {@code GET}, but is sent to no replica. */
	OptionalLong read(StreamKey stream) {
		byte[] key = this.keys.of(stream);
		return RedisCall.make(this.link, key, this.timeoutNanos,
				(call) -> position(call.await(call.commands().getex(key, new GetExArgs()))));
	}

	boolean advance(StreamKey stream, OptionalLong expected, long position) {
		byte[] key = this.keys.of(stream);
		byte[] before = expected.isPresent() ? value(expected.getAsLong()) : ABSENT;
		byte[] after = value(position);
		ReplicaQuorum wanted = this.quorum;
		if (wanted == null) {
			return RedisCall.make(this.link, key, this.timeoutNanos,
					(call) -> call.run(RedisScript.ADVANCE, before, after) == 1);
		}
		return wanted.call(key, (call, conversation) -> {
			boolean advanced = call.run(RedisScript.ADVANCE, before, after) == 1;
			if (advanced && !wanted.isReached(call, conversation)) {
				throw new IdempotencyStoreException(wanted.shortfall(), null);
			}
			return advanced;
		});
	}

	private static byte[] value(long position) {
		return ByteBuffer.allocate(LENGTH).put(VERSION).putLong(position).array();
	}

	private static OptionalLong position(byte @Nullable [] value) {
		if (value == null) {
			return OptionalLong.empty();
		}
		if (value.length != LENGTH || value[0] != VERSION) {
			throw new UnreadableRecordException("A mark in Redis has a format that this version does not know");
		}
		return OptionalLong.of(ByteBuffer.wrap(value).getLong(1));
	}

}
