package io.idempotency.engine;

import java.util.concurrent.atomic.AtomicLong;

import io.idempotency.StoredResult;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory of results that wait for a store. A result for which there is no room
 * is cut down to the fact that its call is done, which takes none.
 */
final class DeferredBudget {

	private final long maxBytes;

	private final AtomicLong bytes = new AtomicLong();

	DeferredBudget(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	StoredResult reserve(StoredResult result) {
		if (this.bytes.addAndGet(result.size()) <= this.maxBytes) {
			return result;
		}
		this.bytes.addAndGet(-result.size());
		return StoredResult.notKept();
	}

	void free(@Nullable StoredResult result) {
		if (result != null) {
			this.bytes.addAndGet(-result.size());
		}
	}

}
