package io.idempotency.store;

/**
 * Keeps claims and results in the same transactions as what methods write: a claim, the
 * method's writes and its result are committed together, or none of them is. A process
 * that dies takes its claim along as soon as the database notices, so there is no lease
 * to be renewed and no outcome that is unknown.
 *
 * <h2>Threads</h2> A transaction belongs to the thread that began it: the claim is made
 * and ended by one thread. Many threads do so at once.
 *
 * <h2>Failure</h2> A store that cannot claim, or does not know whether it did, throws an
 * {@link IdempotencyStoreException} and leaves no transaction behind. Use that no retry
 * would mend, such as a read-only transaction around the call, is an
 * {@link IllegalStateException}.
 *
 * <p>
 * Everything else is as an {@link IdempotencyStore} has it: fingerprint, bytes, expiry.
 */
public interface TransactionalIdempotencyStore {

	/**
	 * Begins a transaction, or joins the one that the thread is in, and claims a record
	 * in it. Does not wait for a transaction of somebody else that holds the record.
	 * @param claim the wish; its lease and hold mean nothing here
	 * @return what was found; unless that is {@link ClaimOutcome.Acquired}, a transaction
	 * that was begun has ended
	 * @throws IdempotencyStoreException if the store cannot tell; nothing stands
	 */
	TransactionalClaim begin(Claim claim);

}
