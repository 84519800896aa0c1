package io.idempotency.store.memory;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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

	/**
	 * Of so many new records one tidies up. It is chosen by its key, so that threads need
	 * not count together; if none is chosen for long, Caffeine's full write buffer does
	 * it.
	 */
	private static final int TIDY_EVERY = 16;

	private final List<Part> parts;

	/**
	 * One of the caches.
	 *
	 * @param tidying whether a thread does that
	 */
	private record Part(Cache<RecordKey, MemoryRecord> cache, AtomicBoolean tidying) {

		/** Removes what has expired, unless somebody does so: nobody waits for that. */
		void tidy() {
			if (this.tidying.compareAndSet(false, true)) {
				try {
					this.cache.cleanUp();
				}
				finally {
					this.tidying.set(false);
				}
			}
		}

	}

	/**
	 * @param ticker tells when a record expires
	 * @param expired is told of each record that was there until its end
	 */
	MemoryRecords(Ticker ticker, Consumer<MemoryRecord> expired) {
		this.parts = Stream.generate(() -> new Part(cache(ticker, expired), new AtomicBoolean()))
			.limit(CACHES)
			.toList();
	}

	private static Cache<RecordKey, MemoryRecord> cache(Ticker ticker, Consumer<MemoryRecord> expired) {
		return Caffeine.newBuilder()
			.ticker(ticker)
			// after each write there is little to tidy up: see added
			.executor((maintenance) -> {
			})
			.expireAfter(new MemoryRecord.Deadline())
			.evictionListener((key, value, cause) -> {
				if (value != null) {
					expired.accept(value);
				}
			})
			.build();
	}

	/** A record has been added: now and then the cache removes what has expired. */
	void added(RecordKey key) {
		if ((key.hashCode() * SPREAD & (TIDY_EVERY - 1)) == 0) {
			part(key).tidy();
		}
	}

	/** The cache that a key's record is in. */
	Cache<RecordKey, MemoryRecord> of(RecordKey key) {
		return part(key).cache();
	}

	private Part part(RecordKey key) {
		return this.parts.get((key.hashCode() * SPREAD) >>> SHIFT);
	}

	void cleanUp() {
		this.parts.forEach((part) -> part.cache().cleanUp());
	}

}
