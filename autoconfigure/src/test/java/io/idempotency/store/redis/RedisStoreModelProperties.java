package io.idempotency.store.redis;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.idempotency.store.StoreModelProperties;

/** A store in Redis against the model: its clock is the real one. */
abstract class RedisStoreModelProperties extends StoreModelProperties {

	@Override
	protected long now() {
		return System.nanoTime();
	}

	@Override
	protected void elapse(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	@Override
	protected Duration shortTime() {
		return Duration.ofMillis(60);
	}

	@Override
	protected Duration margin() {
		return Duration.ofMillis(15);
	}

}
