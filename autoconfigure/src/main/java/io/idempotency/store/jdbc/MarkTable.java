package io.idempotency.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

import io.idempotency.store.StreamKey;

/**
 * The table of marks, over one connection. Each method is one statement, and the rows
 * that it changed are its verdict.
 */
final class MarkTable {

	private static final String TABLE = "idempotency_mark";

	private static final String READ = "SELECT mark_position FROM " + TABLE + " WHERE stream_key = ?";

	private final TableSession session;

	private final SqlDialect dialect;

	MarkTable(TableSession session, SqlDialect dialect) {
		this.session = session;
		this.dialect = dialect;
	}

	OptionalLong read(StreamKey stream) throws SQLException {
		return read(stream, READ);
	}

	/**
	 * The mark as it is now, however old the transaction's view of the database is. Waits
	 * for a transaction that has it.
	 */
	OptionalLong readLocked(StreamKey stream) throws SQLException {
		return read(stream, READ + " FOR UPDATE");
	}

	private OptionalLong read(StreamKey stream, String sql) throws SQLException {
		OptionalLong found = this.session.query(sql, (statement) -> statement.setString(1, stream.digest()),
				MarkTable::mark);
		return (found != null) ? found : OptionalLong.empty();
	}

	private static OptionalLong mark(ResultSet rows) throws SQLException {
		return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
	}

	/** Whether there was no mark, so that this one was made. */
	boolean insert(StreamKey stream, long position) throws SQLException {
		String sql = this.dialect.insert() + " " + TABLE
				+ " (stream_key, operation, mark_position, advanced_at) VALUES (?, ?, ?, " + this.dialect.now() + ")"
				+ this.dialect.unlessPresent();
		try {
			return this.session.update(sql, (statement) -> {
				statement.setString(1, stream.digest());
				statement.setString(2, RecordTable.readable(stream.operation()));
				statement.setLong(3, position);
			}) == 1;
		}
		catch (SQLException ex) {
			if (!SqlFailure.isDuplicate(ex)) {
				throw ex;
			}
			this.session.rollBack();
			return false;
		}
	}

	/** Whether the mark was the one that is expected, and was advanced from there. */
	boolean replace(StreamKey stream, long expected, long position) throws SQLException {
		return update(stream, position, expected, " = ?");
	}

	/** Whether the mark was below the position, and was advanced to it. */
	boolean raise(StreamKey stream, long position) throws SQLException {
		return update(stream, position, position, " < ?");
	}

	private boolean update(StreamKey stream, long position, long compared, String comparison) throws SQLException {
		String sql = "UPDATE " + TABLE + " SET mark_position = ?, advanced_at = " + this.dialect.now()
				+ " WHERE stream_key = ? AND mark_position" + comparison;
		return this.session.update(sql, (statement) -> {
			statement.setLong(1, position);
			statement.setString(2, stream.digest());
			statement.setLong(3, compared);
		}) == 1;
	}

}
