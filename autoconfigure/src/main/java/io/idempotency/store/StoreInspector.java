package io.idempotency.store;

/**
 * A store that can say how it is. Optional: operators are shown what it says, and no call
 * depends on it.
 */
public interface StoreInspector {

	/**
	 * Asks the store. May block for the time budget of one call. For all threads.
	 * @return what is to be said; {@link StoreReport#NOTHING} if the store does not let
	 * itself be asked
	 * @throws IdempotencyStoreException if it does not answer
	 */
	StoreReport inspect();

}
