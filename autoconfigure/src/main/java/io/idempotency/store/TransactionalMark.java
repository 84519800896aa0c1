package io.idempotency.store;

/**
 * A look at a stream's mark within a transaction, and where it was advanced that
 * transaction itself. Of {@link TransactionalHighWaterMarkStore}; to be used by the
 * thread that began it.
 */
public interface TransactionalMark {

	/**
	 * Whether the position was above the mark, so that its method may run. If not, there
	 * is nothing to be committed or rolled back.
	 */
	boolean isAdvanced();

	/**
	 * Has everything written that waits to be, so that what the database refuses is
	 * refused now.
	 * @throws RuntimeException whatever an object-relational mapper reports
	 */
	void flush();

	/**
	 * Commits the mark together with what the method wrote. In a transaction that was
	 * joined, whoever began that one commits.
	 * @throws IdempotencyStoreException if that was not committed, or if nobody knows
	 * whether it was
	 */
	void commit();

	/**
	 * Takes the mark and what the method wrote back. A transaction that was joined can
	 * only be rolled back from then on. Never fails: what is not committed does not stay.
	 */
	void rollBack();

}
