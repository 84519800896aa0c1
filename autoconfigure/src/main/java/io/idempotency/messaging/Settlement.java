package io.idempotency.messaging;

import io.idempotency.StoredResult;
import io.idempotency.engine.Execution;

/** An execution whose method has returned, and which waits for a commit. */
record Settlement(Execution execution, StoredResult result) {

	/** What the method did is there to stay. */
	void committed() {
		this.execution.complete(this.result);
	}

	/** It is taken back, or nobody knows. */
	void notCommitted() {
		this.execution.fail();
	}

}
