package io.idempotency.engine;

import io.idempotency.StoredResult;

/** What a door does with a call: replay an earlier result, or run the method. */
public sealed interface Attempt permits Attempt.Replay, Execution {

	/**
	 * The method ran before.
	 *
	 * @param result what it gave; always kept
	 */
	record Replay(StoredResult result) implements Attempt {
	}

}
