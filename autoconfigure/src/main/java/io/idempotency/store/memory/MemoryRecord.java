package io.idempotency.store.memory;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Expiry;
import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import org.jspecify.annotations.Nullable;

/** One record; each transition makes a new one, and no two are equal. */
final class MemoryRecord {

	/** About what a record takes beside its payload, key and cache entry included. */
	static final long OVERHEAD = 512;

	private final OwnerToken owner;

	private final Fingerprint fingerprint;

	private final @Nullable StoredResult result;

	private final boolean abandoned;

	private final long madeAt;

	private final long leaseEnd;

	private final long deadline;

	private MemoryRecord(Claim claim, @Nullable StoredResult result, boolean abandoned, long madeAt, long leaseEnd,
			long deadline) {
		this.owner = claim.owner();
		this.fingerprint = claim.fingerprint();
		this.result = result;
		this.abandoned = abandoned;
		this.madeAt = madeAt;
		this.leaseEnd = leaseEnd;
		this.deadline = deadline;
	}

	// all times are nanoseconds of the cache's ticker

	static MemoryRecord pending(Claim claim, long now) {
		long leaseEnd = now + claim.lease().toNanos();
		return new MemoryRecord(claim, null, false, now, leaseEnd, leaseEnd + claim.hold().toNanos());
	}

	static MemoryRecord abandoned(Claim claim, long now) {
		return new MemoryRecord(claim, null, true, now, now, now + claim.hold().toNanos());
	}

	static MemoryRecord completed(Claim claim, StoredResult result, Duration retention, long now) {
		return new MemoryRecord(claim, result, false, now, now, now + retention.toNanos());
	}

	OwnerToken owner() {
		return this.owner;
	}

	Fingerprint fingerprint() {
		return this.fingerprint;
	}

	@Nullable StoredResult result() {
		return this.result;
	}

	/** Whether the owner may still renew, complete or release. */
	boolean isPendingOf(OwnerToken other) {
		return this.result == null && !this.abandoned && this.owner.equals(other);
	}

	/** Whether it belongs to that owner, whatever it made of it. */
	boolean isOpenTo(OwnerToken other) {
		return this.result == null && this.owner.equals(other);
	}

	/** Whether its owner gave it up or let its lease end, and it is held. */
	boolean isUnknown(long now) {
		return this.abandoned || (this.result == null && now - this.leaseEnd >= 0);
	}

	private RecordState state(long now) {
		if (this.result != null) {
			return this.result.isKept() ? RecordState.COMPLETED : RecordState.NOT_KEPT;
		}
		return isUnknown(now) ? RecordState.UNKNOWN : RecordState.IN_PROGRESS;
	}

	RecordView view(long now) {
		RecordState state = state(now);
		return new RecordView(state, Duration.ofNanos(now - this.madeAt),
				Duration.ofNanos((state == RecordState.IN_PROGRESS) ? this.leaseEnd - now : 0),
				Duration.ofNanos(Math.max(0, this.deadline - now)), (this.result != null) ? this.result.size() : 0,
				this.fingerprint);
	}

	long bytes() {
		return OVERHEAD + (this.result != null ? this.result.size() : 0);
	}

	/**
	 * A record knows its end, so that whatever the cache takes for an access or an update
	 * cannot give it another life.
	 */
	static final class Deadline implements Expiry<RecordKey, MemoryRecord> {

		@Override
		public long expireAfterCreate(RecordKey key, MemoryRecord created, long now) {
			return Math.max(0, created.deadline - now);
		}

		@Override
		public long expireAfterUpdate(RecordKey key, MemoryRecord updated, long now, long currentDuration) {
			return Math.max(0, updated.deadline - now);
		}

		@Override
		public long expireAfterRead(RecordKey key, MemoryRecord read, long now, long currentDuration) {
			return currentDuration;
		}

	}

}
