package io.idempotency.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * Statements over one connection. Where the connection is the store's own, each is one
 * transaction: what a pool without auto-commit hands out is committed at once, so that
 * nothing is read twice from one snapshot. In a transaction of the application nothing is
 * committed, nor rolled back.
 */
final class TableSession {

	private final Connection connection;

	private final int timeoutSeconds;

	private final Runnable beforeEach;

	private final boolean own;

	/** Binds the parameters of a statement. */
	interface Values {

		void bind(PreparedStatement statement) throws SQLException;

	}

	/** Reads what a query found. */
	interface Rows<T> {

		@Nullable T read(ResultSet rows) throws SQLException;

	}

	private TableSession(Connection connection, int timeoutSeconds, Runnable beforeEach, boolean own) {
		this.connection = connection;
		this.timeoutSeconds = timeoutSeconds;
		this.beforeEach = beforeEach;
		this.own = own;
	}

	/**
	 * Over a connection of the store's own.
	 * @param timeoutSeconds after which the driver has the database end a statement, zero
	 * for never
	 * @param beforeEach fails if nobody waits for another statement
	 */
	static TableSession own(Connection connection, int timeoutSeconds, Runnable beforeEach) {
		return new TableSession(connection, timeoutSeconds, beforeEach, true);
	}

	/**
	 * Over the connection of a transaction of the application.
	 * @param timeoutSeconds after which the driver has the database end a statement, zero
	 * for never
	 */
	static TableSession joined(Connection connection, int timeoutSeconds) {
		return new TableSession(connection, timeoutSeconds, () -> {
		}, false);
	}

	/** Makes a statement; returns how many rows it changed. */
	int update(String sql, Values values) throws SQLException {
		this.beforeEach.run();
		int count;
		try (PreparedStatement statement = prepare(sql)) {
			values.bind(statement);
			count = statement.executeUpdate();
		}
		commit();
		return count;
	}

	/** Makes a query. */
	<T> @Nullable T query(String sql, Values values, Rows<T> reader) throws SQLException {
		this.beforeEach.run();
		@Nullable T found;
		try (PreparedStatement statement = prepare(sql)) {
			values.bind(statement);
			try (ResultSet rows = statement.executeQuery()) {
				found = reader.read(rows);
			}
		}
		commit();
		return found;
	}

	/** Sets something of the session. */
	void set(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private PreparedStatement prepare(String sql) throws SQLException {
		PreparedStatement statement = this.connection.prepareStatement(sql);
		if (this.timeoutSeconds > 0) {
			statement.setQueryTimeout(this.timeoutSeconds);
		}
		return statement;
	}

	private void commit() throws SQLException {
		if (this.own && !this.connection.getAutoCommit()) {
			this.connection.commit();
		}
	}

	/** Takes back a statement that failed, where the driver has begun a transaction. */
	void rollBack() throws SQLException {
		if (this.own && !this.connection.getAutoCommit()) {
			this.connection.rollback();
		}
	}

}
