package io.idempotency.store.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

import io.idempotency.testsupport.Signals;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** A real PostgreSQL, of a test dependency. */
final class PostgresDatabase extends TestDatabase {

	private final EmbeddedPostgres server;

	PostgresDatabase() {
		super("postgresql");
		try {
			this.server = EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	String url() {
		return this.server.getJdbcUrl("postgres", "postgres");
	}

	@Override
	String user() {
		return "postgres";
	}

	@Override
	String password() {
		return "postgres";
	}

	@Override
	void freeze() {
		servers().forEach(Signals::stop);
	}

	@Override
	void thaw() {
		servers().forEach(Signals::resume);
	}

	/** Every process of the server, as each connection has one. */
	private List<Long> servers() {
		String port = Integer.toString(this.server.getPort());
		List<Long> servers = ProcessHandle.allProcesses()
			.filter((process) -> process.info().commandLine().orElse("").contains("postgres")
					&& process.info().commandLine().orElse("").contains(port))
			.flatMap((process) -> Stream.concat(Stream.of(process), process.descendants()))
			.map(ProcessHandle::pid)
			.distinct()
			.filter((process) -> process != ProcessHandle.current().pid())
			.toList();
		if (servers.isEmpty()) {
			throw new IllegalStateException("No process of the server was found");
		}
		return servers;
	}

	@Override
	public void close() {
		super.close();
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
