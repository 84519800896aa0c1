package io.idempotency.store;

import java.time.Duration;

import io.idempotency.testsupport.MutableTicker;

/** A store whose clock is moved by the test against the model, to the nanosecond. */
public abstract class TickingStoreModelProperties extends StoreModelProperties {

	/** The clock of the store. */
	protected final MutableTicker ticker = new MutableTicker();

	@Override
	protected final long now() {
		return this.ticker.read();
	}

	@Override
	protected final void elapse(Duration time) {
		this.ticker.advance(time);
	}

	@Override
	protected final Duration shortTime() {
		return Duration.ofSeconds(2);
	}

	@Override
	protected final Duration margin() {
		return Duration.ZERO;
	}

}
