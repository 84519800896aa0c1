package io.idempotency.store;

import java.util.List;

/**
 * A store that can say how it is. Optional: operators are shown what it says, and no call
 * depends on it.
 */
public interface StoreInspector {

	/**
	 * Asks the store. May block for the time budget of one call. For all threads.
	 * @return what may lose records, a sentence each, for people; none if there is
	 * nothing or if the store does not let itself be asked
	 * @throws IdempotencyStoreException if it does not answer
	 */
	List<String> inspect();

}
