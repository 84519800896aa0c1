package io.idempotency.store;

import java.time.Duration;

import io.idempotency.StoredResult;

/** What one of some callers asks of a store, or time that passes. */
sealed interface StoreStep {

	record Claiming(int caller) implements StoreStep {
	}

	record Renewing(int caller) implements StoreStep {
	}

	record Completing(int caller, StoredResult result, Duration retention) implements StoreStep {
	}

	record Releasing(int caller) implements StoreStep {
	}

	record Abandoning(int caller) implements StoreStep {
	}

	record Passing(Duration time) implements StoreStep {
	}

}
