package io.idempotency.store;

import java.util.Optional;
import java.util.Set;

import org.springframework.util.Assert;

/**
 * What a store may do in addition to {@link IdempotencyStore} or
 * {@link TransactionalIdempotencyStore}: show a record to an operator, and remove one. No
 * call depends on it. May block for the time budget of one call. For all threads.
 */
public interface RecordAdministration {

	/**
	 * Looks at a record and changes nothing.
	 * @return nothing if there is none
	 * @throws UnreadableRecordException if there is one of an unknown format
	 * @throws IdempotencyStoreException if the store does not answer
	 */
	Optional<RecordView> look(RecordKey key);

	/**
	 * Removes a record that is in one of some states, in the step in which it judges
	 * that: the next call with its key runs the method.
	 * @param states others are left alone; not {@link RecordState#IN_PROGRESS}, as a
	 * running call keeps its record
	 * @return the record as it was found, so its state tells whether it was removed;
	 * nothing if there is none
	 * @throws UnreadableRecordException if there is one of an unknown format
	 * @throws IdempotencyStoreException if the store cannot tell
	 */
	Optional<RecordView> remove(RecordKey key, Set<RecordState> states);

	/** What every implementation checks. */
	static void requireEnded(Set<RecordState> states) {
		Assert.isTrue(!states.contains(RecordState.IN_PROGRESS), "The record of a running call cannot be removed");
	}

}
