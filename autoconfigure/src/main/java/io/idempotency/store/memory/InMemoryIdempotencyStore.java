package io.idempotency.store.memory;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.FencingNumberSource;
import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.NewKeyCounter;
import io.idempotency.store.RecordAdministration;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import io.idempotency.store.StreamKey;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Keeps records in a Caffeine cache of this process: for tests, and for applications that
 * run as a single instance and may forget everything on a restart.
 * <p>
 * Its size is bounded in bytes. Caffeine's own bounds are not used, as they would make
 * room by evicting live records, and an evicted record lets its method run again: when
 * the store is full and nothing has expired, claims and completions fail.
 */
public final class InMemoryIdempotencyStore
		implements IdempotencyStore, FencingNumberSource, HighWaterMarkStore, NewKeyCounter, RecordAdministration {

	private final long maxBytes;

	private final Ticker ticker;

	private final AtomicLong bytes = new AtomicLong();

	private final MemoryRecords records;

	private final MemoryWindows windows;

	/** Begins with the time, so that it is larger after a restart. */
	private final AtomicLong lastNumber = new AtomicLong(TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));

	private final MemoryMarks marks = new MemoryMarks(this::reserve, this::free);

	/**
	 * @param maxBytes how much the records may take, roughly
	 */
	public InMemoryIdempotencyStore(long maxBytes) {
		this(maxBytes, Ticker.systemTicker());
	}

	/**
	 * @param maxBytes how much the records may take, roughly
	 * @param ticker the store's clock
	 */
	public InMemoryIdempotencyStore(long maxBytes, Ticker ticker) {
		Assert.isTrue(maxBytes > 0, "The store needs room for at least a byte");
		this.maxBytes = maxBytes;
		this.ticker = ticker;
		this.records = new MemoryRecords(ticker, (expired) -> free(expired.bytes()));
		this.windows = new MemoryWindows(ticker);
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		Cache<RecordKey, MemoryRecord> records = this.records.of(claim.key());
		MemoryRecord found = records.getIfPresent(claim.key());
		if (found == null) {
			MemoryRecord wanted = MemoryRecord.pending(claim, this.ticker.read());
			reserve(wanted.bytes());
			found = records.asMap().putIfAbsent(claim.key(), wanted);
			if (found == null) {
				this.records.added(claim.key());
				return ClaimOutcome.Acquired.INSTANCE;
			}
			free(wanted.bytes());
		}
		StoredResult result = found.result();
		if (result != null) {
			return new ClaimOutcome.Completed(found.fingerprint(), result);
		}
		if (found.isPendingOf(claim.owner())) {
			return ClaimOutcome.Acquired.INSTANCE;
		}
		return found.isUnknown(this.ticker.read()) ? new ClaimOutcome.Unknown(found.fingerprint())
				: new ClaimOutcome.Pending(found.fingerprint());
	}

	@Override
	public boolean renew(Claim claim) {
		return replace(claim, MemoryRecord.pending(claim, this.ticker.read()));
	}

	/** Puts another record without a result, so as large, in the place of the owner's. */
	private boolean replace(Claim claim, MemoryRecord wanted) {
		MemoryRecord left = this.records.of(claim.key())
			.asMap()
			.computeIfPresent(claim.key(), (key, found) -> found.isPendingOf(claim.owner()) ? wanted : found);
		return left == wanted;
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		MemoryRecord completed = MemoryRecord.completed(claim, result, retention, this.ticker.read());
		// more than the pending one takes, in whose place it mostly comes
		reserve(result.size());
		MemoryRecord left = this.records.of(claim.key()).asMap().compute(claim.key(), (key, found) -> {
			if (found == null) {
				this.bytes.addAndGet(MemoryRecord.OVERHEAD);
			}
			return (found == null || found.isOpenTo(claim.owner())) ? completed : found;
		});
		if (left != completed) {
			free(result.size());
		}
		return left.owner().equals(claim.owner());
	}

	@Override
	public boolean release(Claim claim) {
		return remove(claim.key(), (found) -> found.isPendingOf(claim.owner()));
	}

	/** Removes a record if it is one of those, and frees what it took. */
	private boolean remove(RecordKey key, Predicate<MemoryRecord> which) {
		AtomicBoolean removed = new AtomicBoolean();
		this.records.of(key).asMap().computeIfPresent(key, (same, found) -> {
			if (!which.test(found)) {
				return found;
			}
			removed.set(true);
			free(found.bytes());
			return null;
		});
		return removed.get();
	}

	@Override
	public boolean abandon(Claim claim) {
		return claim.isHeld() ? replace(claim, MemoryRecord.abandoned(claim, this.ticker.read())) : release(claim);
	}

	@Override
	public CompletionStage<Duration> countNewKey(String scope, int limit, Duration window) {
		return CompletableFuture.completedStage(this.windows.count(scope, limit, window));
	}

	/** Counts, from the time at which the store was made. */
	@Override
	public OptionalLong fencingNumber(Claim claim) {
		AtomicLong number = new AtomicLong();
		this.records.of(claim.key()).asMap().computeIfPresent(claim.key(), (key, found) -> {
			if (found.isPendingOf(claim.owner())) {
				number.set(this.lastNumber.incrementAndGet());
			}
			return found;
		});
		return (number.get() > 0) ? OptionalLong.of(number.get()) : OptionalLong.empty();
	}

	@Override
	public Optional<RecordView> look(RecordKey key) {
		return Optional.ofNullable(this.records.of(key).getIfPresent(key))
			.map((found) -> found.view(this.ticker.read()));
	}

	@Override
	public Optional<RecordView> remove(RecordKey key, Set<RecordState> states) {
		RecordAdministration.requireEnded(states);
		AtomicReference<@Nullable RecordView> seen = new AtomicReference<>();
		remove(key, (found) -> {
			RecordView view = found.view(this.ticker.read());
			seen.set(view);
			return states.contains(view.state());
		});
		// until then the result stays in memory
		this.records.of(key).cleanUp();
		return Optional.ofNullable(seen.get());
	}

	@Override
	public OptionalLong read(StreamKey stream) {
		return this.marks.read(stream);
	}

	@Override
	public boolean advance(StreamKey stream, OptionalLong expected, long position) {
		HighWaterMarkStore.requireForward(expected, position);
		return this.marks.advance(stream, expected, position);
	}

	/** Removes expired records now; otherwise it happens along with later claims. */
	public void cleanUp() {
		this.records.cleanUp();
	}

	/**
	 * How much the records take at the moment, roughly; expired ones may be among them.
	 */
	public long sizeInBytes() {
		return this.bytes.get();
	}

	private void reserve(long wanted) {
		if (this.bytes.addAndGet(wanted) <= this.maxBytes) {
			return;
		}
		cleanUp();
		if (this.bytes.get() > this.maxBytes) {
			free(wanted);
			throw new IdempotencyStoreException("The in-memory store is full: " + this.maxBytes + " bytes", null, true);
		}
	}

	private void free(long unused) {
		this.bytes.addAndGet(-unused);
	}

}
