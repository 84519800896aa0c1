package io.idempotency.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells operators why a store fails, which callers are not told: at once, and then every
 * ten seconds as long as it goes on.
 */
final class StoreFailureLog {

	private static final Log logger = LogFactory.getLog(StoreFailureLog.class);

	private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

	private final String store;

	private final AtomicLong lastTold = new AtomicLong(System.nanoTime() - PAUSE);

	private final AtomicLong untold = new AtomicLong();

	StoreFailureLog(String store) {
		this.store = store;
	}

	void failed(Throwable failure) {
		logger.debug("The store " + this.store + " failed", failure);
		long count = this.untold.incrementAndGet();
		long now = System.nanoTime();
		long last = this.lastTold.get();
		if (now - last >= PAUSE && this.lastTold.compareAndSet(last, now)) {
			this.untold.addAndGet(-count);
			logger.warn("The store " + this.store + " failed" + ((count > 1) ? ", " + count + " times by now" : "")
					+ ": " + failure.getMessage());
		}
	}

}
