package io.idempotency.store.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.idempotency.testsupport.RedisProcess;
import io.idempotency.testsupport.Signals;

import static org.awaitility.Awaitility.await;

/**
 * A real MariaDB or MySQL server, which a system property names, {@code mariadb.server}
 * or {@code mysql.server}, on a free port of the loopback interface and in a directory of
 * its own.
 */
final class MySqlFamilyDatabase extends TestDatabase {

	private final String scheme;

	private final Path directory;

	private final int port = RedisProcess.freePort();

	private final Process process;

	private MySqlFamilyDatabase(String vendor, String scheme, Path directory, List<String> server) {
		super(vendor);
		this.scheme = scheme;
		this.directory = directory;
		List<String> command = new ArrayList<>(server);
		command.addAll(List.of("--port=" + this.port, "--bind-address=127.0.0.1", "--max-connections=200",
				"--pid-file=" + directory.resolve("pid")));
		this.process = start(command);
		await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(this::answers);
	}

	/** MariaDB over its own driver. */
	static MySqlFamilyDatabase mariadb() {
		return mariadb("mariadb", "jdbc:mariadb:");
	}

	/** MariaDB over the driver of MySQL, which calls it MySQL. */
	static MySqlFamilyDatabase mariadbAsMysql() {
		return mariadb("mysql", "jdbc:mysql:");
	}

	private static MySqlFamilyDatabase mariadb(String vendor, String scheme) {
		String server = named("mariadb.server");
		Path directory = directory();
		Path installer = installer(Path.of(server));
		run(List.of(installer.toString(), "--no-defaults", "--datadir=" + directory.resolve("data"),
				"--auth-root-authentication-method=normal", "--user=root"));
		return new MySqlFamilyDatabase(vendor, scheme, directory, List.of(server, "--no-defaults", "--user=root",
				"--datadir=" + directory.resolve("data"), "--socket=" + directory.resolve("socket")));
	}

	private static Path installer(Path server) {
		return Stream.of("/usr/bin", "../bin", "../scripts")
			.map((place) -> server.resolveSibling(place).resolve("mariadb-install-db"))
			.filter(Files::isExecutable)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("There is no mariadb-install-db beside " + server));
	}

	/** MySQL over its own driver. */
	static MySqlFamilyDatabase mysql() {
		String server = named("mysql.server");
		Path directory = directory();
		List<String> command = List.of(server, "--no-defaults", "--user=root", "--datadir=" + directory.resolve("data"),
				"--socket=" + directory.resolve("socket"));
		List<String> initialize = new ArrayList<>(command);
		initialize.add("--initialize-insecure");
		run(initialize);
		List<String> serve = new ArrayList<>(command);
		serve.add("--mysqlx=OFF");
		return new MySqlFamilyDatabase("mysql", "jdbc:mysql:", directory, serve);
	}

	private static String named(String property) {
		String server = System.getProperty(property);
		if (server == null) {
			throw new IllegalStateException("Name a server with -D" + property + "=/path/to/the/server");
		}
		return server;
	}

	private static Path directory() {
		try {
			return Files.createTempDirectory("idempotency-database");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void run(List<String> command) {
		try {
			Process process = start(command);
			if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
				throw new IllegalStateException("Could not run " + command);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Process start(List<String> command) {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean answers() throws SQLException {
		String server = this.scheme + "//127.0.0.1:" + this.port + "/mysql" + settings();
		try (var connection = DriverManager.getConnection(server, user(), password());
				var statement = connection.createStatement()) {
			statement.execute("CREATE DATABASE IF NOT EXISTS records");
			return true;
		}
	}

	private String settings() {
		return "?allowPublicKeyRetrieval=true&useSSL=false";
	}

	@Override
	String url() {
		return this.scheme + "//127.0.0.1:" + this.port + "/records" + settings();
	}

	@Override
	String user() {
		return "root";
	}

	@Override
	String password() {
		return "";
	}

	@Override
	void freeze() {
		Signals.stop(this.process.pid());
	}

	@Override
	void thaw() {
		Signals.resume(this.process.pid());
	}

	@Override
	public void close() {
		super.close();
		this.process.destroyForcibly();
		try (Stream<Path> files = Files.walk(this.directory)) {
			this.process.waitFor(20, TimeUnit.SECONDS);
			files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
