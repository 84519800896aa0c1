package io.idempotency.messaging.volume;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.h2.tools.Server;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The database of the orders, which all processes reach. */
final class VolumeLedger implements AutoCloseable {

	private final Server server;

	private final String url;

	private final JdbcClient database;

	VolumeLedger() throws SQLException {
		this.server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
		this.url = "jdbc:h2:tcp://127.0.0.1:" + this.server.getPort() + "/mem:ledger" + this.server.getPort()
				+ ";DB_CLOSE_DELAY=-1";
		this.database = JdbcClient.create(new DriverManagerDataSource(this.url, "sa", ""));
		for (String table : List.of("ledger", "attempts")) {
			this.database
				.sql("create table " + table + " (id bigint auto_increment primary key, order_id varchar(64),"
						+ " node varchar(10), source varchar(64), at bigint)")
				.update();
		}
		this.database.sql("create index attempts_order on attempts (order_id)").update();
		this.database.sql("create table calls (node varchar(10), outcome varchar(30), number bigint)").update();
	}

	String url() {
		return this.url;
	}

	int rows() {
		return number("select count(*) from ledger");
	}

	int rowsOf(String node) {
		return number("select count(*) from ledger where node = ?", node);
	}

	Set<String> orders() {
		return new HashSet<>(this.database.sql("select distinct order_id from ledger").query(String.class).list());
	}

	/** How many sources have been read by that node, and by another one too. */
	int sourcesMovedTo(String node) {
		return number("select count(distinct source) from ledger where node = ?"
				+ " and source in (select source from ledger where node <> ?)", node, node);
	}

	/** How often those were tried that fail, by their names. */
	Map<String, Integer> attempts() {
		Map<String, Integer> attempts = new TreeMap<>();
		this.database.sql("select order_id from attempts")
			.query(String.class)
			.list()
			.forEach((order) -> attempts.merge(order, 1, Integer::sum));
		return attempts;
	}

	/**
	 * How many orders were booked while one message was being tried, from its first
	 * attempt to its last.
	 */
	int bookedDuringAttempts(String message) {
		return number("select count(*) from ledger where at between (select min(at) from attempts where order_id = ?)"
				+ " and (select max(at) from attempts where order_id = ?)", message, message);
	}

	/** How many calls of the processes that were stopped ended so. */
	int calls(String outcome) {
		return number("select coalesce(sum(number), 0) from calls where outcome = ?", outcome);
	}

	/** How many calls of such a process ended so. */
	int callsOf(String node, String outcome) {
		return number("select coalesce(sum(number), 0) from calls where node = ? and outcome = ?", node, outcome);
	}

	private int number(String query, Object... parameters) {
		return this.database.sql(query).params(parameters).query(Integer.class).single();
	}

	@Override
	public void close() {
		this.server.stop();
	}

}
