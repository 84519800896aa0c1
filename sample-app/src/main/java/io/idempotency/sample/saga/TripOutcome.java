package io.idempotency.sample.saga;

import org.jspecify.annotations.Nullable;

/**
 * How far a trip has come.
 *
 * @param trip which
 * @param status where it stands
 * @param confirmation what the steps answered, if it is booked
 */
record TripOutcome(String trip, TripStatus status, @Nullable String confirmation) {
}
