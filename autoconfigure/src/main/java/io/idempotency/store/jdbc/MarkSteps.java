package io.idempotency.store.jdbc;

import java.sql.SQLException;
import java.util.OptionalLong;

import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StreamKey;

/** Steps with a mark that take more than one statement. */
final class MarkSteps {

	/** A mark that changes so often between two statements does not hold still. */
	private static final int ATTEMPTS = 100;

	private MarkSteps() {
	}

	/** Advances a mark that is what somebody has read. */
	static boolean advance(MarkTable table, StreamKey stream, OptionalLong expected, long position)
			throws SQLException {
		return expected.isPresent() ? table.replace(stream, expected.getAsLong(), position)
				: table.insert(stream, position);
	}

	/**
	 * Advances a mark within a transaction if it is below a position, and keeps it locked
	 * then until the transaction ends. Waits for a transaction that has advanced it.
	 * @return whether it was below
	 */
	static boolean raise(MarkTable table, StreamKey stream, long position) throws SQLException {
		for (int i = 0; i < ATTEMPTS; i++) {
			if (table.raise(stream, position)) {
				return true;
			}
			// a view that is older than the mark would never show why it was not raised
			OptionalLong mark = (i == 0) ? table.read(stream) : table.readLocked(stream);
			if (mark.isPresent() && mark.getAsLong() >= position) {
				return false;
			}
			if (mark.isEmpty() && table.insert(stream, position)) {
				return true;
			}
			// somebody else made or changed it between two statements: look again
		}
		throw new IdempotencyStoreException("A mark changed again and again while it was looked at", null, true);
	}

}
