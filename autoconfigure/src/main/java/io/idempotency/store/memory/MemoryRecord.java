package io.idempotency.store.memory;

import com.github.benmanes.caffeine.cache.Expiry;
import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import org.jspecify.annotations.Nullable;

/** One record; each transition makes a new one, and no two are equal. */
final class MemoryRecord {

	/** About what a record takes beside its payload, key and cache entry included. */
	private static final long OVERHEAD = 512;

	private final OwnerToken owner;

	private final Fingerprint fingerprint;

	private final @Nullable StoredResult result;

	private final long deadline;

	/**
	 * @param owner who claimed it
	 * @param fingerprint what the owner's call asked for
	 * @param result {@code null} while pending
	 * @param deadline when it ends, in nanoseconds of the cache's ticker
	 */
	MemoryRecord(OwnerToken owner, Fingerprint fingerprint, @Nullable StoredResult result, long deadline) {
		this.owner = owner;
		this.fingerprint = fingerprint;
		this.result = result;
		this.deadline = deadline;
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

	boolean isPendingOf(OwnerToken other) {
		return this.result == null && this.owner.equals(other);
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
