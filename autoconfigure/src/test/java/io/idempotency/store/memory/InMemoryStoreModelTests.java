package io.idempotency.store.memory;

import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.TickingStoreModelProperties;

/** The in-memory store against the model. */
class InMemoryStoreModelTests extends TickingStoreModelProperties {

	private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(8 * 1024 * 1024, this.ticker);

	@Override
	protected IdempotencyStore store() {
		return this.store;
	}

}
