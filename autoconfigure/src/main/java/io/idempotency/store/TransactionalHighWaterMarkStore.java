package io.idempotency.store;

import java.util.OptionalLong;

/**
 * Advances marks in the transactions of the methods whose positions they are, so that
 * what a method writes and its mark are committed together or not at all. A
 * {@link TransactionalIdempotencyStore} may implement it. Called by the engine only.
 * <p>
 * Of two transactions at one position the second waits until the first has ended, for as
 * long as its time budget, and then finds the mark advanced, or its own to advance: they
 * never both commit. Everything else is as a {@link HighWaterMarkStore} has it.
 */
public interface TransactionalHighWaterMarkStore {

	/**
	 * Begins a transaction, or joins the one that the thread is in, and advances a mark
	 * in it to a position that is above it.
	 * @param stream whose
	 * @param position the new mark
	 * @return what was found; unless the mark was advanced, a transaction that was begun
	 * has ended
	 * @throws IdempotencyStoreException if the store cannot tell; nothing stands
	 * @throws IllegalStateException if the thread is in a transaction that the mark
	 * cannot be in
	 */
	TransactionalMark begin(StreamKey stream, long position);

	/**
	 * The mark that was committed, looked at outside of all transactions.
	 * @param stream whose
	 * @return nothing if no position was done yet
	 * @throws IdempotencyStoreException if the store cannot tell
	 */
	OptionalLong read(StreamKey stream);

}
