package io.idempotency.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** A connection of the application's pool, for one call. */
final class BorrowedConnection implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(BorrowedConnection.class);

	private static final int AS_IT_WAS = -1;

	private final Connection connection;

	private int networkTimeout = AS_IT_WAS;

	BorrowedConnection(Connection connection) {
		this.connection = connection;
	}

	Connection get() {
		return this.connection;
	}

	/** Lets it wait for the network no longer than this, where the driver knows how. */
	void limit(int millis) throws SQLException {
		try {
			int found = this.connection.getNetworkTimeout();
			if (found == 0 || found > millis) {
				this.connection.setNetworkTimeout(Runnable::run, millis);
				this.networkTimeout = found;
			}
		}
		catch (SQLFeatureNotSupportedException ex) {
			logger.trace("This driver does not limit how long it waits for the network", ex);
		}
	}

	/** Gives it back as it was. */
	@Override
	public void close() {
		try (this.connection) {
			if (this.networkTimeout != AS_IT_WAS && !this.connection.isClosed()) {
				this.connection.setNetworkTimeout(Runnable::run, this.networkTimeout);
			}
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("A connection could not be given back", ex);
		}
	}

}
