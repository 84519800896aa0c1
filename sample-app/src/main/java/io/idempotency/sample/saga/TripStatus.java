package io.idempotency.sample.saga;

/** Where a trip stands. From {@code BOOKING} there are two ways, and none leads back. */
enum TripStatus {

	/** Steps are under way. */
	BOOKING,

	/** An end: all steps are done. */
	BOOKED,

	/** It was decided to go back, and compensations are under way. */
	CANCELLING,

	/** An end: nothing is left of any step. */
	CANCELLED

}
