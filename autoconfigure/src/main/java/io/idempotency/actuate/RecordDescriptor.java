package io.idempotency.actuate;

import java.time.Duration;
import java.util.HexFormat;

import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a record: nothing of a caller, nothing of a result.
 *
 * @param operation the name of its operation
 * @param record its digest, as in the log
 * @param store the name of its store
 * @param state what has become of it
 * @param age since when, roughly; {@code null} if nobody knows
 * @param lease how long its lease still lasts, if it is in progress
 * @param remaining how long it still lasts
 * @param size bytes of its result as they are stored
 * @param fingerprint of what the call asked for, where a property allows it
 */
public record RecordDescriptor(String operation, String record, String store, RecordState state, @Nullable Duration age,
		@Nullable Duration lease, Duration remaining, long size, @Nullable String fingerprint) {

	static RecordDescriptor of(RecordKey key, String store, RecordView view, @Nullable Duration age,
			boolean showFingerprint) {
		return new RecordDescriptor(key.operation(), key.digest(), store, view.state(), age,
				(view.state() == RecordState.IN_PROGRESS) ? view.lease() : null, view.remaining(), view.size(),
				showFingerprint ? HexFormat.of().formatHex(view.fingerprint().toBytes()) : null);
	}

}
