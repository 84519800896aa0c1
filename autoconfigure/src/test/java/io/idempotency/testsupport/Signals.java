package io.idempotency.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/** Signals to processes that a test started. One that has ended is left alone. */
public final class Signals {

	private Signals() {
	}

	/**
	 * SIGSTOP. On return none of its threads runs: the signal reaches them one by one,
	 * and one that it has not reached yet still answers.
	 */
	public static void stop(long pid) {
		send("STOP", pid);
		Path threads = Path.of("/proc", Long.toString(pid), "task");
		if (Files.isDirectory(threads)) {
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.atMost(Duration.ofSeconds(20))
				.ignoreExceptions()
				.until(() -> !Files.isDirectory(threads) || standStill(threads));
		}
	}

	/** SIGCONT. */
	public static void resume(long pid) {
		send("CONT", pid);
	}

	/** Sends a signal by its name, without SIG. */
	public static void send(String name, long pid) {
		try {
			int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
			if (exit != 0 && ProcessHandle.of(pid).isPresent()) {
				throw new IllegalStateException("kill -" + name + " ended with " + exit);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
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

}
