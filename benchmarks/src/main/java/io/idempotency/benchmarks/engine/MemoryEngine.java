package io.idempotency.benchmarks.engine;

import java.time.Duration;
import java.util.Map;

import com.github.benmanes.caffeine.cache.Ticker;
import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.engine.LeaseKeeper;
import io.idempotency.engine.PayloadProtection;
import io.idempotency.engine.ProtectedStore;
import io.idempotency.engine.Stores;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * An engine over the in-memory store, put together as the auto-configuration does with
 * its defaults, and one operation.
 */
final class MemoryEngine {

	static final Duration TTL = Duration.ofDays(1);

	static final IdempotentOperation OPERATION = new IdempotentOperation("POST /payments", TTL, Duration.ofSeconds(30),
			InProgress.REJECT, Duration.ofSeconds(5), Recovery.RERUN, OnStoreFailure.REJECT, true, "memory");

	static final String SCOPE = "principal:0::alice";

	static final Fingerprint FINGERPRINT = new Fingerprint(0x0123456789ABCDEFL, 0x0FEDCBA987654321L);

	/** Far more than the default, as a faster machine has more records in its day. */
	private static final long STORE_SIZE = 1024L * 1024 * 1024;

	private static final int COMPRESSION_THRESHOLD = 4096;

	private static final long DEFERRED_SIZE = 16L * 1024 * 1024;

	private final LeaseKeeper keeper = new LeaseKeeper();

	private final IdempotencyEngine engine;

	/**
	 * @param ticker the store's clock
	 * @param meters {@code simple} for what the Actuator brings, {@code none} for no
	 * registry
	 */
	MemoryEngine(Ticker ticker, String meters) {
		this.engine = new IdempotencyEngine(
				Stores.of(Map.of("memory",
						new ProtectedStore(new InMemoryIdempotencyStore(STORE_SIZE, ticker),
								new PayloadProtection(COMPRESSION_THRESHOLD, null, false)))),
				DEFERRED_SIZE, this.keeper, new IdempotencyMetrics(registry(meters)), null);
	}

	private static MeterRegistry registry(String meters) {
		return switch (meters) {
			case "simple" -> new SimpleMeterRegistry();
			case "none" -> new CompositeMeterRegistry();
			default -> throw new IllegalArgumentException(meters);
		};
	}

	IdempotencyEngine engine() {
		return this.engine;
	}

	void close() {
		this.keeper.close();
	}

}
