package io.idempotency.store.memory;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;

/** How many new keys each scope brought since its window began. */
final class MemoryWindows {

	/** Who is forgotten because there are more starts anew. */
	private static final int MAX_SCOPES = 100_000;

	private final Ticker ticker;

	private final Cache<String, Window> windows;

	private record Window(int count, long end) {
	}

	MemoryWindows(Ticker ticker) {
		this.ticker = ticker;
		this.windows = Caffeine.newBuilder()
			.ticker(ticker)
			.executor(Runnable::run)
			.maximumSize(MAX_SCOPES)
			.expireAfter(Expiry.<String, Window>writing((scope, window) -> left(window)))
			.build();
	}

	/** Counts one more, and tells how long the window lasts if it is full now. */
	Duration count(String scope, int limit, Duration length) {
		Window window = this.windows.asMap()
			.merge(scope, new Window(1, this.ticker.read() + length.toNanos()),
					(known, fresh) -> left(known).isZero() ? fresh : new Window(known.count() + 1, known.end()));
		return (window.count() >= limit) ? left(window) : Duration.ZERO;
	}

	private Duration left(Window window) {
		return Duration.ofNanos(Math.max(0, window.end() - this.ticker.read()));
	}

}
