package io.idempotency.engine;

import io.idempotency.CommitFailedException;
import io.idempotency.IdempotencyContext;
import io.idempotency.StoredResult;
import org.jspecify.annotations.Nullable;

/**
 * The right to run a method once. Whoever holds it settles it exactly once, by one of
 * {@link #complete}, {@link #completeWithError}, {@link #completeUnanswered},
 * {@link #completeUnstored}, {@link #fail} and {@link #release}, from any thread; a
 * second settlement does nothing. Until then the lease is renewed.
 * <p>
 * Where the method runs {@link #isTransactional() in a transaction} with its claim, there
 * is no lease, and only the thread that began may settle. Methods with a body are what
 * holds without one.
 */
public sealed interface Execution extends Attempt permits OwnedExecution, UnprotectedExecution {

	/**
	 * Whether a record stands behind the execution. If not, the method runs unprotected
	 * and its result need not be captured.
	 */
	boolean isClaimed();

	/**
	 * What the method may know of its run, to be bound to the thread while it runs: none
	 * if nothing was claimed, so that nobody takes the run around it for its own.
	 */
	@Nullable IdempotencyContext context();

	/** Digest of the record, for logs; {@code null} if there is none. */
	@Nullable String record();

	/**
	 * The method begins to run in this thread, or a part of it does: what the thread does
	 * until the scope is closed belongs to the observation of the call.
	 */
	MethodScope enter();

	/**
	 * The method threw, or what it promised will not come. Told before the settlement,
	 * for the observation of the call only, which learns of which type it is.
	 */
	void threw(Throwable failure);

	/**
	 * Whether the method's writes are committed together with its result, and not before.
	 */
	default boolean isTransactional() {
		return false;
	}

	/**
	 * Whether that transaction was there before, so that it is committed by somebody
	 * else, later than {@link #complete} returns.
	 */
	default boolean isJoined() {
		return false;
	}

	/**
	 * The method has returned: what it wrote goes to the database now, where that waits
	 * for the end of the transaction. Fails with what is wrong with it.
	 */
	default void flush() {
		// what the method wrote is its own affair
	}

	/**
	 * The method took effect. Never fails without a transaction: a store that does not
	 * take the result now gets it later, and the caller has its answer in any case.
	 * @param result what a duplicate gets
	 * @throws CommitFailedException if the transaction was not committed, or nobody knows
	 * whether it was: the caller must not get the answer that the method made
	 */
	void complete(StoredResult result);

	/**
	 * What the method wrote in the execution's transaction is taken back, if there is
	 * one, as the method has failed. The execution is settled later, not as one that took
	 * effect. Never fails.
	 */
	default void takeBack() {
		// what the method wrote is its own affair
	}

	/**
	 * The method answered with an error that stays its answer. What it wrote in the
	 * execution's transaction is taken back. Never fails.
	 * @param result what a duplicate gets
	 */
	default void completeWithError(StoredResult result) {
		complete(result);
	}

	/**
	 * The method returned, and its answer could not be made. It took effect, and a
	 * duplicate gets no answer; in a transaction all is taken back. Never fails.
	 */
	default void completeUnanswered() {
		complete(StoredResult.notKept());
	}

	/**
	 * The method took effect, and its answer is not to be kept: the next call runs it
	 * again. Fails as {@link #complete}.
	 * @throws CommitFailedException as {@link #complete}
	 */
	default void completeUnstored() {
		release();
	}

	/**
	 * The method did not run, or said itself that its answer is not final: the next call
	 * runs it again. In a transaction all is taken back.
	 */
	void release();

	/**
	 * The method failed, so nobody knows whether it took effect: the key is freed, or
	 * held where the operation says so.
	 */
	void fail();

}
