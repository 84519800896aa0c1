package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

import io.idempotency.Fingerprint;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Removes records whose time is over, in short transactions, on a thread of its own that
 * is no bean of the application. Of all nodes the one does it that claims a record of its
 * own for that: whoever wins an interval has it for itself.
 */
final class RecordPurge {

	private static final Log logger = LogFactory.getLog(RecordPurge.class);

	/** No digest of a call: it means something. */
	private static final RecordKey KEY = new RecordKey("purge of expired records", "idempotency-jdbc-purge");

	/** Others have the database for at least this long after each batch. */
	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

	private final IdempotencyStore store;

	private final DatabaseCalls calls;

	private final Duration interval;

	private final int batchSize;

	private final IntConsumer purged;

	private @Nullable ScheduledThreadPoolExecutor thread;

	/**
	 * @param purged is told how many records each batch removed
	 */
	RecordPurge(IdempotencyStore store, DatabaseCalls calls, JdbcSettings settings, IntConsumer purged) {
		this.store = store;
		this.calls = calls;
		this.interval = settings.purgeInterval();
		this.batchSize = settings.purgeBatchSize();
		this.purged = purged;
	}

	/** Begins, unless it has begun or there is no interval. */
	synchronized void start() {
		if (this.thread != null || this.interval.isZero()) {
			return;
		}
		CustomizableThreadFactory factory = new CustomizableThreadFactory("idempotency-purge-");
		factory.setDaemon(true);
		this.thread = new ScheduledThreadPoolExecutor(1, factory);
		var unused = this.thread.scheduleWithFixedDelay(this::round, this.interval.toNanos(), this.interval.toNanos(),
				TimeUnit.NANOSECONDS);
	}

	/** Ends after the batch that is being removed. */
	synchronized void stop() {
		if (this.thread != null) {
			this.thread.shutdownNow();
			this.thread = null;
		}
	}

	private void round() {
		try {
			purge();
		}
		catch (IdempotencyStoreException ex) {
			// told where calls fail; the next round comes all the same
			logger.debug("Expired records could not be removed", ex);
		}
		catch (Throwable ex) {
			logger.error("Expired records could not be removed", ex);
		}
	}

	/**
	 * Removes what has expired, unless another node does.
	 * @return how many records
	 */
	int purge() {
		Claim turn = new Claim(KEY, OwnerToken.next(), new Fingerprint(0, 0), this.interval);
		if (!(this.store.claim(turn) instanceof ClaimOutcome.Acquired)) {
			return 0;
		}
		int removed = 0;
		long claimedAt = System.nanoTime();
		while (!Thread.currentThread().isInterrupted()) {
			long startedAt = System.nanoTime();
			if (startedAt - claimedAt > this.interval.toNanos() / 3) {
				if (!this.store.renew(turn)) {
					break;
				}
				claimedAt = startedAt;
			}
			List<String> expired = this.calls.make((table) -> table.expired(this.batchSize));
			if (!expired.isEmpty()) {
				int count = this.calls.make((table) -> table.purge(expired));
				this.purged.accept(count);
				removed += count;
			}
			if (expired.size() < this.batchSize) {
				break;
			}
			LockSupport.parkNanos(Math.max(PAUSE, System.nanoTime() - startedAt));
		}
		return removed;
	}

}
