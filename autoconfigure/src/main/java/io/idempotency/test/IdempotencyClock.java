package io.idempotency.test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The clock of the in-memory store in a test: it stands still until the test moves it, so
 * leases and records end when the test says so. For all threads.
 */
public final class IdempotencyClock implements LongSupplier {

	private final AtomicLong nanos = new AtomicLong();

	/**
	 * Lets time pass.
	 * @param time not negative: no store's clock goes back
	 */
	public void advance(Duration time) {
		if (time.isNegative()) {
			throw new IllegalArgumentException("The clock of a store does not go back: " + time);
		}
		this.nanos.addAndGet(time.toNanos());
	}

	/** Nanoseconds since the context was made. */
	@Override
	public long getAsLong() {
		return this.nanos.get();
	}

}
