package io.idempotency.engine;

import io.idempotency.StoredResult;

/**
 * The right to run a method once. Whoever holds it settles it exactly once, by
 * {@link #complete} or {@link #release}, from any thread; a second settlement does
 * nothing. Until then the lease is renewed.
 */
public sealed interface Execution extends Attempt permits ClaimedExecution, UnprotectedExecution {

	/**
	 * Whether a record stands behind the execution. If not, the method runs unprotected
	 * and its result need not be captured.
	 */
	boolean isClaimed();

	/**
	 * The method took effect. Never fails: a store that does not take the result now gets
	 * it later, and the caller has its answer in any case.
	 * @param result what a duplicate gets
	 */
	void complete(StoredResult result);

	/** The method failed in a way that is not kept: the next call runs it again. */
	void release();

}
