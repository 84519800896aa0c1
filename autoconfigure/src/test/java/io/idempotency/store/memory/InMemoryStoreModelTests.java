package io.idempotency.store.memory;

import java.time.Duration;

import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.StoreModelProperties;
import io.idempotency.testsupport.MutableTicker;

/** The in-memory store against the model, to the nanosecond. */
class InMemoryStoreModelTests extends StoreModelProperties {

	private final MutableTicker ticker = new MutableTicker();

	private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(8 * 1024 * 1024, this.ticker);

	@Override
	protected IdempotencyStore store() {
		return this.store;
	}

	@Override
	protected long now() {
		return this.ticker.read();
	}

	@Override
	protected void elapse(Duration time) {
		this.ticker.advance(time);
	}

	@Override
	protected Duration shortTime() {
		return Duration.ofSeconds(2);
	}

	@Override
	protected Duration margin() {
		return Duration.ZERO;
	}

}
