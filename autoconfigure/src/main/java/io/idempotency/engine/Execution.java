package io.idempotency.engine;

import io.idempotency.StoredResult;

/**
 * The right to run a method once. Whoever holds it settles it exactly once, by
 * {@link #complete}, {@link #fail} or {@link #release}, from any thread; a second
 * settlement does nothing. Until then the lease is renewed.
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

	/**
	 * The method did not run, or said itself that its answer is not final: the next call
	 * runs it again.
	 */
	void release();

	/**
	 * The method failed, so nobody knows whether it took effect: the key is freed, or
	 * held where the operation says so.
	 */
	void fail();

}
