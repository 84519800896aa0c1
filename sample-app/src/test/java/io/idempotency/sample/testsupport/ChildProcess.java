package io.idempotency.sample.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * A process that a test starts, pauses and kills. It never outlives the JVM of the test.
 */
public final class ChildProcess implements AutoCloseable {

	private final Process process;

	private final Thread lastResort;

	private ChildProcess(Process process) {
		this.process = process;
		this.lastResort = new Thread(process::destroyForcibly);
		Runtime.getRuntime().addShutdownHook(this.lastResort);
	}

	/** Starts a command that writes what it has to say to a file. */
	static ChildProcess start(List<String> command, File output) {
		output.getParentFile().mkdirs();
		try {
			return new ChildProcess(
					new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * SIGSTOP: its sockets stay open. On return it stands still: the signal reaches its
	 * threads one by one.
	 */
	public void pause() {
		signal("STOP");
		Path threads = Path.of("/proc", Long.toString(this.process.pid()), "task");
		if (Files.isDirectory(threads)) {
			Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.atMost(Duration.ofSeconds(20))
				.ignoreExceptions()
				.until(() -> !Files.isDirectory(threads) || standStill(threads));
		}
	}

	private static boolean standStill(Path threads) throws IOException {
		try (Stream<Path> listed = Files.list(threads)) {
			for (Path thread : listed.toList()) {
				String status = Files.readString(thread.resolve("stat"));
				// the state follows the name, which is in parentheses
				if ("TZ".indexOf(status.charAt(status.lastIndexOf(')') + 2)) < 0) {
					return false;
				}
			}
			return true;
		}
	}

	/** SIGCONT. */
	public void resume() {
		signal("CONT");
	}

	/** SIGTERM, not waited for. */
	public void terminate() {
		signal("TERM");
	}

	/** SIGKILL, and it is gone on return. */
	public void kill() {
		this.process.destroyForcibly();
		await(this.process);
	}

	private void signal(String name) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).start();
			await(kill);
			if (kill.exitValue() != 0) {
				throw new IllegalStateException("kill -" + name + " ended with " + kill.exitValue());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void await(Process process) {
		try {
			if (!process.waitFor(10, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Process " + process.pid() + " does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		kill();
		Runtime.getRuntime().removeShutdownHook(this.lastResort);
	}

}
