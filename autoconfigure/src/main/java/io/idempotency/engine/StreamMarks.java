package io.idempotency.engine;

import java.util.OptionalLong;

import io.idempotency.IdempotencyTemplate.Task;
import io.idempotency.store.IdempotencyStoreException;

/** How the marks of one store are used; each stream by one thread at a time. */
interface StreamMarks {

	/**
	 * The mark as others see it. By any thread.
	 * @throws IdempotencyStoreException if the store cannot tell
	 */
	OptionalLong read(StreamStep step);

	/**
	 * Runs the work and advances the mark, if the position is above it. Counts what
	 * became of the position.
	 * @return whether the work was run
	 * @throws X what the work threw
	 */
	<X extends Throwable> boolean handle(StreamStep step, Task<X> work) throws X;

}
