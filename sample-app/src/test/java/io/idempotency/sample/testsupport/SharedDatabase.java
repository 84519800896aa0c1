package io.idempotency.sample.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.h2.tools.Server;

/**
 * The database of several application processes, kept by the JVM of the test, so that a
 * process that is killed takes nothing with it.
 */
public final class SharedDatabase implements AutoCloseable {

	private final String name = "mem:" + UUID.randomUUID();

	private final Server server;

	private final Connection connection;

	private SharedDatabase() throws SQLException {
		this.server = Server.createTcpServer("-tcpPort", "0").start();
		this.connection = DriverManager.getConnection(
				"jdbc:h2:" + this.name
						+ ";INIT=RUNSCRIPT FROM 'classpath:schema.sql'\\;RUNSCRIPT FROM 'classpath:data.sql'",
				"sa", "");
	}

	public static SharedDatabase started() {
		try {
			return new SharedDatabase();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** What makes an application use this database. */
	public List<String> arguments() {
		return List.of("--spring.datasource.url=jdbc:h2:tcp://127.0.0.1:" + this.server.getPort() + "/" + this.name,
				"--spring.datasource.username=sa", "--spring.sql.init.mode=never");
	}

	/** How often the payments with this reference were executed, by whatever process. */
	public int executions(String reference) {
		try (PreparedStatement query = this.connection
			.prepareStatement("select count(*) from ledger join payment on payment.id = ledger.payment"
					+ " where payment.reference = ?")) {
			query.setString(1, reference);
			try (ResultSet result = query.executeQuery()) {
				result.next();
				return result.getInt(1);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			this.server.stop();
		}
	}

}
