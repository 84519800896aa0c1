package io.idempotency.store.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** What an error of a driver means. */
final class SqlFailure {

	/** Serialization failure and deadlock; the latter of PostgreSQL, then of H2. */
	private static final Set<String> COLLISIONS = Set.of("40001", "40P01", "90131");

	/** MariaDB under snapshot isolation: a record changed since it was read. */
	private static final int CHANGED_SINCE_LAST_READ = 1020;

	/** MySQL and MariaDB, then H2. */
	private static final Set<Integer> LOCKED = Set.of(1205, 50200);

	private static final Set<String> MISSING_TABLES = Set.of("42P01", "42S02", "42S03", "42S04");

	/** PostgreSQL is being shut down, or is not ready yet. */
	private static final Set<String> GOING = Set.of("57P01", "57P02", "57P03", "57P05");

	private SqlFailure() {
	}

	/** Whether another call was in the way, and the same may succeed now. */
	static boolean isCollision(SQLException ex) {
		return COLLISIONS.contains(state(ex))
				|| (ex.getErrorCode() == CHANGED_SINCE_LAST_READ && state(ex).startsWith("HY"));
	}

	/** Whether a transaction of somebody else was in the way for too long. */
	static boolean isLocked(SQLException ex) {
		return LOCKED.contains(ex.getErrorCode());
	}

	/** Whether an insert found its key present. */
	static boolean isDuplicate(SQLException ex) {
		return state(ex).equals("23505");
	}

	/** Whether the database did not answer: what was sent may have been done. */
	static boolean isUnanswered(@Nullable Throwable failure) {
		for (Throwable ex = failure; ex != null; ex = ex.getCause()) {
			if (ex instanceof SQLRecoverableException || ex instanceof SQLNonTransientConnectionException
					|| ex instanceof SQLTransientConnectionException) {
				return true;
			}
			if (ex instanceof SQLException sql && (state(sql).startsWith("08") || GOING.contains(state(sql)))) {
				return true;
			}
		}
		return !(failure instanceof SQLException);
	}

	/** What happened, for operators. */
	static String explain(SQLException ex) {
		String said = "The database failed: " + ex.getMessage();
		return MISSING_TABLES.contains(state(ex))
				? said + ". The table is created by a script io/idempotency/store/jdbc/schema-*.sql of the library,"
						+ " by your own migrations or by idempotency.jdbc.initialize-schema=always"
				: said;
	}

	private static String state(SQLException ex) {
		String state = ex.getSQLState();
		return (state != null) ? state : "";
	}

}
