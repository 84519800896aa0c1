package io.idempotency;

/** What happens to a call whose claim the store could not answer. */
public enum OnStoreFailure {

	/** What {@code idempotency.on-store-failure} says. */
	DEFAULT,

	/** The call is refused with a {@link StoreUnavailableException}. */
	REJECT,

	/** The method runs unprotected, and the call is counted so. */
	PROCEED

}
