package io.idempotency.store.memory;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.idempotency.store.RecordKey;

/**
 * All records, in several caches: each removes what has expired under a lock of its own,
 * and with a single one every other caller would stand before it.
 */
final class MemoryRecords {

	private static final int CACHES = 8;

	private static final int SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(CACHES);

	/** Spreads hash codes over the upper bits, as the caches themselves use the lower. */
	private static final int SPREAD = 0x9E3779B9;

	private final List<Cache<RecordKey, MemoryRecord>> caches;

	/**
	 * @param ticker tells when a record expires
	 * @param removed is told of each record that made room; not of one in whose place
	 * another came
	 */
	MemoryRecords(Ticker ticker, Consumer<MemoryRecord> removed) {
		this.caches = Stream.generate(() -> cache(ticker, removed)).limit(CACHES).toList();
	}

	private static Cache<RecordKey, MemoryRecord> cache(Ticker ticker, Consumer<MemoryRecord> removed) {
		return Caffeine.newBuilder()
			.ticker(ticker)
			.executor(Runnable::run)
			.expireAfter(new MemoryRecord.Deadline())
			.removalListener((key, value, cause) -> {
				if (value != null && cause != RemovalCause.REPLACED) {
					removed.accept(value);
				}
			})
			.build();
	}

	/** The cache that a key's record is in. */
	Cache<RecordKey, MemoryRecord> of(RecordKey key) {
		return this.caches.get((key.hashCode() * SPREAD) >>> SHIFT);
	}

	void cleanUp() {
		this.caches.forEach(Cache::cleanUp);
	}

}
