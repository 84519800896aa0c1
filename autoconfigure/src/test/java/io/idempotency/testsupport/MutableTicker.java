package io.idempotency.testsupport;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Ticker;

/** A clock that moves when a test says so. */
public final class MutableTicker implements Ticker {

	private final AtomicLong nanos = new AtomicLong();

	public void advance(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	@Override
	public long read() {
		return this.nanos.get();
	}

}
