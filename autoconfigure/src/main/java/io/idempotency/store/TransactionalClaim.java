package io.idempotency.store;

import java.time.Duration;

import io.idempotency.StoredResult;

/**
 * What became of a claim that was made in a transaction. If it was acquired, the thread
 * is in that transaction until it calls one of {@link #commit}, {@link #commitReleased},
 * {@link #rollBack} and {@link #rollBackAndKeep}, once.
 */
public interface TransactionalClaim {

	/** What was found. */
	ClaimOutcome outcome();

	/**
	 * Whether the transaction was there before the claim, so that somebody else ends it.
	 */
	boolean isJoined();

	/**
	 * Has everything written that waits to be, as an object-relational mapper makes it,
	 * so that what the database refuses is refused now.
	 * @throws RuntimeException whatever the mapper reports
	 */
	void flush();

	/**
	 * Stores the result and commits it together with what the method wrote. In a
	 * transaction that was joined, whoever began that one commits.
	 * @param result what to keep
	 * @param retention how long to keep it from now, at least a millisecond
	 * @throws IdempotencyStoreException if that was not committed, or if nobody knows
	 * whether it was
	 */
	void commit(StoredResult result, Duration retention);

	/**
	 * Commits what the method wrote and removes the claim, so that the next call runs the
	 * method again.
	 * @throws IdempotencyStoreException if that was not committed, or if nobody knows
	 * whether it was
	 */
	void commitReleased();

	/**
	 * Takes the claim and what the method wrote back. A transaction that was joined can
	 * only be rolled back from then on. Never fails: what is not committed does not stay.
	 * May be called again, and before {@link #rollBackAndKeep}.
	 */
	void rollBack();

	/**
	 * As {@link #rollBack()}, and keeps the result in a transaction of its own. Another
	 * call may have claimed the record in between.
	 * @param result what to keep
	 * @param retention how long to keep it from now, at least a millisecond
	 * @return whether it was kept
	 * @throws IdempotencyStoreException if it was not kept or the store cannot tell;
	 * everything else is rolled back nevertheless
	 */
	boolean rollBackAndKeep(StoredResult result, Duration retention);

}
