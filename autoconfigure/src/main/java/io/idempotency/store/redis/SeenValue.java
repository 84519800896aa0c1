package io.idempotency.store.redis;

import java.time.Duration;
import java.util.List;

import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

/** A value as an operator sees it, and how long it lived on when it was seen. */
final class SeenValue {

	/** Stands for the hold of a record that is removed whatever its time to live. */
	private static final byte[] ANY = RedisScript.ascii(-1);

	private final byte[] value;

	private final long life;

	private final RecordState state;

	private SeenValue(byte[] value, long life) {
		this.value = value;
		this.life = life;
		this.state = RedisEnvelope.state(value, life);
	}

	/** What is under the key of a call. */
	static @Nullable SeenValue of(RedisCall call) {
		if (!(call.evaluate(RedisScript.LOOK, ScriptOutputType.MULTI) instanceof List<?> answer) || answer.size() < 2
				|| !(answer.get(0) instanceof byte[] value) || !(answer.get(1) instanceof Long life)
				|| value.length == 0) {
			return null;
		}
		RedisEnvelope.requireKnown(value);
		return new SeenValue(value, Math.max(0, life));
	}

	RecordView view() {
		long held = RedisEnvelope.isHeld(this.value) ? RedisEnvelope.hold(this.value) : 0;
		Duration lease = Duration.ofMillis((this.state == RecordState.IN_PROGRESS) ? this.life - held : 0);
		return new RecordView(this.state, age(), lease, Duration.ofMillis(this.life),
				RedisEnvelope.payloadLength(this.value), RedisEnvelope.fingerprint(this.value));
	}

	/** Since when it is in its state, if it says so. */
	private @Nullable Duration age() {
		if (RedisEnvelope.isCompleted(this.value)) {
			return null;
		}
		return Duration.ofMillis(Math.max(0, System.currentTimeMillis() - 1000 * RedisEnvelope.writtenAt(this.value)));
	}

	/** All of it: of a completed one the beginning may be another's too. */
	byte[] value() {
		return this.value;
	}

	/**
	 * How many milliseconds it may live on to be removed: an owner that has come back has
	 * given it more.
	 */
	byte[] longest() {
		return (this.state == RecordState.UNKNOWN && RedisEnvelope.isHeld(this.value))
				? RedisScript.ascii(RedisEnvelope.hold(this.value)) : ANY;
	}

}
