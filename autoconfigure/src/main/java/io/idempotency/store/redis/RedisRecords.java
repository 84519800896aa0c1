package io.idempotency.store.redis;

import java.util.Optional;
import java.util.Set;

import io.idempotency.store.RecordAdministration;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;

/**
 * Records as an operator sees and removes them. What was seen is compared in the step
 * that removes it, and looked at again if it has changed.
 */
final class RedisRecords {

	private final RedisLink link;

	private final RedisKeys keys;

	private final long timeoutNanos;

	RedisRecords(RedisLink link, RedisKeys keys, long timeoutNanos) {
		this.link = link;
		this.keys = keys;
		this.timeoutNanos = timeoutNanos;
	}

	Optional<RecordView> look(RecordKey key) {
		return RedisCall.make(this.link, this.keys.of(key), this.timeoutNanos,
				(call) -> Optional.ofNullable(SeenValue.of(call)).map(SeenValue::view));
	}

	Optional<RecordView> remove(RecordKey key, Set<RecordState> states) {
		RecordAdministration.requireEnded(states);
		return RedisCall.make(this.link, this.keys.of(key), this.timeoutNanos, (call) -> remove(call, states));
	}

	private static Optional<RecordView> remove(RedisCall call, Set<RecordState> states) {
		while (true) {
			SeenValue seen = SeenValue.of(call);
			if (seen == null) {
				return Optional.empty();
			}
			RecordView view = seen.view();
			if (!states.contains(view.state())) {
				return Optional.of(view);
			}
			if (call.run(RedisScript.REMOVE, seen.value(), seen.longest()) == 1) {
				return Optional.of(view);
			}
			// its owner changed it between the two steps: look again
		}
	}

}
