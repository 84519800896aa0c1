package io.idempotency.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import io.idempotency.Fingerprint;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import io.idempotency.store.UnreadableRecordException;

/**
 * A record as an operator sees it.
 *
 * @param status one of {@link RecordRow}
 * @param owner who claimed it
 * @param view what is shown
 */
record SeenRow(int status, long owner, RecordView view) {

	/** The row that a result set stands at, in the order of columns of its statement. */
	static SeenRow of(ResultSet rows) throws SQLException {
		int status = rows.getInt(1);
		byte[] fingerprint = rows.getBytes(3);
		long leaseUntil = rows.getLong(4);
		long now = rows.getLong(6);
		if (fingerprint.length != Fingerprint.LENGTH) {
			throw new UnreadableRecordException("A record in the database has a fingerprint of another length");
		}
		RecordState state = state(status, leaseUntil > now);
		long lease = (state == RecordState.IN_PROGRESS) ? leaseUntil - now : 0;
		return new SeenRow(status, rows.getLong(2),
				new RecordView(state, Duration.ofMillis(now - rows.getLong(7)), Duration.ofMillis(lease),
						Duration.ofMillis(Math.max(0, rows.getLong(5) - now)), rows.getLong(8),
						Fingerprint.of(fingerprint)));
	}

	private static RecordState state(int status, boolean leased) {
		return switch (status) {
			case RecordRow.PENDING -> leased ? RecordState.IN_PROGRESS : RecordState.UNKNOWN;
			case RecordRow.COMPLETED -> RecordState.COMPLETED;
			case RecordRow.NOT_KEPT -> RecordState.NOT_KEPT;
			case RecordRow.ABANDONED -> RecordState.UNKNOWN;
			default -> throw new UnreadableRecordException(
					"A record in the database has a status that this version does not know");
		};
	}

}
