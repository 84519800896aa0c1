package io.idempotency.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.store.IdempotencyStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The application's database, once it is known which one it is. Connections are asked of
 * the pool itself, on threads that have no transaction, so a call never joins one of the
 * application's.
 */
final class DatabaseLink {

	/** How much later than the database the network is given up. */
	private static final int GRACE_MILLIS = 500;

	private final DataSource dataSource;

	private final int timeoutSeconds;

	private volatile @Nullable RecordStatements statements;

	DatabaseLink(DataSource dataSource, Duration timeout) {
		this.dataSource = dataSource;
		this.timeoutSeconds = (int) ((timeout.toMillis() + 999) / 1000);
	}

	/** Takes a connection from the pool. */
	BorrowedConnection connect() throws SQLException {
		return new BorrowedConnection(this.dataSource.getConnection());
	}

	/**
	 * The table over a connection, which from now on waits a limited time for answers.
	 * @param beforeEach runs before each statement
	 */
	RecordTable table(BorrowedConnection connection, Runnable beforeEach) throws SQLException {
		connection.limit(this.timeoutSeconds * 1000 + GRACE_MILLIS);
		RecordStatements known = statements(connection.get());
		return new RecordTable(TableSession.own(connection.get(), timeout(known), beforeEach), known);
	}

	/** The table over the connection of a transaction of the application. */
	RecordTable joined(Connection connection) throws SQLException {
		RecordStatements known = statements(connection);
		return new RecordTable(TableSession.joined(connection, timeout(known)), known);
	}

	private int timeout(RecordStatements known) {
		return known.dialect().hasStatementTimeout() ? this.timeoutSeconds : 0;
	}

	private RecordStatements statements(Connection connection) throws SQLException {
		RecordStatements known = this.statements;
		if (known == null) {
			known = new RecordStatements(dialect(connection));
			this.statements = known;
		}
		return known;
	}

	private static SqlDialect dialect(Connection connection) throws SQLException {
		try {
			return SqlDialect.of(connection.getMetaData().getDatabaseProductName());
		}
		catch (InvalidIdempotencyConfigurationException ex) {
			throw new IdempotencyStoreException(ex.getDescription() + " " + ex.getAction(), ex, true);
		}
	}

}
