package io.idempotency.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.UnreadableRecordException;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was read. All times are the database's, in milliseconds since 1970.
 *
 * @param status one of the constants below
 * @param owner who claimed it
 * @param fingerprint what the owner's call asked for, if that can be read
 * @param leaseUntil when the lease of a pending record ends
 * @param expiresAt when the record does: a held one outlives its lease
 * @param now when it was read
 * @param result of a completed record
 */
record RecordRow(int status, long owner, @Nullable Fingerprint fingerprint, long leaseUntil, long expiresAt, long now,
		@Nullable StoredResult result) {

	static final int PENDING = 0;

	static final int COMPLETED = 1;

	static final int NOT_KEPT = 2;

	static final int ABANDONED = 3;

	/**
	 * Not a record of a call: how many new keys somebody brought, in place of an owner.
	 */
	static final int COUNTER = 4;

	/** The row that a result set stands at, in the order of columns of its statement. */
	static RecordRow of(ResultSet rows) throws SQLException {
		byte[] fingerprint = rows.getBytes(3);
		byte[] payload = rows.getBytes(7);
		return new RecordRow(rows.getInt(1), rows.getLong(2),
				(fingerprint.length == Fingerprint.LENGTH) ? Fingerprint.of(fingerprint) : null, rows.getLong(4),
				rows.getLong(5), rows.getLong(6), (payload != null) ? StoredResult.of(payload) : null);
	}

	/** Whether it counts as absent. */
	boolean isExpired() {
		return this.expiresAt <= this.now;
	}

	boolean isCompletedBy(OwnerToken owner) {
		return this.owner == owner.value() && (this.status == COMPLETED || this.status == NOT_KEPT);
	}

	/** Whether its owner may still complete it. */
	boolean isOpenTo(OwnerToken owner) {
		return this.owner == owner.value() && (this.status == PENDING || this.status == ABANDONED);
	}

	/** What the owner of the given token learns from a record that is not expired. */
	ClaimOutcome read(OwnerToken reader) {
		Fingerprint asked = this.fingerprint;
		if (asked == null) {
			throw new UnreadableRecordException("A record in the database has a fingerprint of another length");
		}
		return switch (this.status) {
			case PENDING -> {
				if (this.owner == reader.value()) {
					yield ClaimOutcome.Acquired.INSTANCE;
				}
				yield (this.leaseUntil <= this.now) ? new ClaimOutcome.Unknown(asked) : new ClaimOutcome.Pending(asked);
			}
			case COMPLETED -> {
				StoredResult kept = this.result;
				if (kept == null) {
					throw new UnreadableRecordException("A completed record in the database has no result");
				}
				yield new ClaimOutcome.Completed(asked, kept);
			}
			case NOT_KEPT -> new ClaimOutcome.Completed(asked, StoredResult.notKept());
			case ABANDONED -> new ClaimOutcome.Unknown(asked);
			default -> throw new UnreadableRecordException(
					"A record in the database has a status that this version does not know");
		};
	}

}
