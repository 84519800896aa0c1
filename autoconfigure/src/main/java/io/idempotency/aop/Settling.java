package io.idempotency.aop;

import io.idempotency.StoredResult;
import io.idempotency.engine.Execution;

/** What a door does with an execution whose method has returned. */
public interface Settling {

	/** The method took effect when it returned. */
	Settling AT_ONCE = Execution::complete;

	/**
	 * Settles the execution, or sees to it that it is settled later.
	 * @param result what a duplicate gets
	 */
	void settle(Execution execution, StoredResult result);

}
