package io.idempotency.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A store on a server against the model: its clock is the real one. */
public abstract class RealTimeStoreModelProperties extends StoreModelProperties {

	@Override
	protected final long now() {
		return System.nanoTime();
	}

	@Override
	protected final void elapse(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	@Override
	protected final Duration shortTime() {
		return Duration.ofMillis(60);
	}

	@Override
	protected final Duration margin() {
		return Duration.ofMillis(15);
	}

}
