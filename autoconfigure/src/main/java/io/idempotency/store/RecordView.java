package io.idempotency.store;

import java.time.Duration;

import io.idempotency.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * A record as an operator sees it. Its result is not there: nobody but a caller who may
 * repeat the call is shown it.
 *
 * @param state what has become of it
 * @param age since when, roughly: where it is known since its claim, else since it was
 * written last; {@code null} where the store does not keep it
 * @param lease how long the lease still lasts; zero unless it is in progress
 * @param remaining how long the record still lasts if nobody touches it
 * @param size bytes of the result as they are stored
 * @param fingerprint what the call asked for
 */
public record RecordView(RecordState state, @Nullable Duration age, Duration lease, Duration remaining, long size,
		Fingerprint fingerprint) {
}
