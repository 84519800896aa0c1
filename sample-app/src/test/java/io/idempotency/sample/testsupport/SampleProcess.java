package io.idempotency.sample.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.idempotency.sample.SampleApplication;

import static org.awaitility.Awaitility.await;

/**
 * The application as a process of its own. It comes up while the test goes on; the first
 * question for its port or client waits. Its output is below {@code target/processes}.
 */
public final class SampleProcess implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

	private final Path log;

	private final ChildProcess process;

	private Integer port;

	private SampleProcess(String name, List<String> arguments) {
		this.log = Path.of("target", "processes", name + ".log");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-Xmx256m", "-cp", System.getProperty("java.class.path"), SampleApplication.class.getName(),
						"--server.port=0"));
		command.addAll(arguments);
		this.process = ChildProcess.start(command, this.log.toFile());
	}

	/**
	 * Starts the application.
	 * @param name of the log file
	 * @param arguments of its command line
	 */
	public static SampleProcess launch(String name, List<String> arguments) {
		return new SampleProcess(name, arguments);
	}

	/** Starts the application over a Redis and a database that others use too. */
	public static SampleProcess launch(String name, RedisProcess redis, SharedDatabase database, String... arguments) {
		List<String> all = new ArrayList<>(database.arguments());
		all.add("--spring.data.redis.host=127.0.0.1");
		all.add("--spring.data.redis.port=" + redis.port());
		all.addAll(List.of(arguments));
		return launch(name, all);
	}

	public ChildProcess process() {
		return this.process;
	}

	public PaymentClient client() {
		if (this.port == null) {
			this.port = Integer.valueOf(awaitOutput(STARTED).group(1));
		}
		return new PaymentClient(this.port);
	}

	/** Waits for something to be logged. */
	public Matcher awaitOutput(Pattern pattern) {
		return await().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(60)).until(() -> {
			Matcher matcher = pattern.matcher(output());
			if (!matcher.find() && !this.process.isAlive()) {
				throw new IllegalStateException("The application ended: see " + this.log);
			}
			return matcher.reset();
		}, Matcher::find);
	}

	public String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.close();
	}

}
