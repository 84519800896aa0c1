package io.idempotency.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.idempotency.testsupport.Signals;

/** One process of the application. It keeps its port when it is started again. */
final class ApplicationNode {

	/** Ports that nodes of this run have, whether or not they listen yet. */
	private static final Set<Integer> taken = ConcurrentHashMap.newKeySet();

	private static final long LONGEST_START = TimeUnit.SECONDS.toNanos(90);

	private final String name;

	private final int port;

	private final Absences absences;

	private List<String> properties = List.of();

	private Process process;

	private Absence absence;

	ApplicationNode(String name, Absences absences) {
		this.name = name;
		this.absences = absences;
		// below the ports of outgoing connections, so that it is free after a restart
		this.port = ThreadLocalRandom.current()
			.ints(31_000, 32_700)
			.filter((candidate) -> taken.add(candidate) && isFree(candidate))
			.findFirst()
			.orElseThrow();
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port)) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

	String name() {
		return this.name;
	}

	int port() {
		return this.port;
	}

	/** What the application is started with from now on, each {@code name=value}. */
	void configure(List<String> newProperties) {
		this.properties = List.copyOf(newProperties);
	}

	/** Starts it, and returns without waiting. */
	ApplicationNode launch(Map<String, String> environment) {
		List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx256m",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				"-Dtest.server=" + System.getProperty("test.server", "tomcat"), TortureApplication.class.getName(),
				"--server.port=" + this.port, "--torture.node=" + this.name));
		this.properties.forEach((property) -> command.add("--" + property));
		Path log = Path.of("target", "torture", "application-" + this.name + ".log");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
		builder.environment().putAll(environment);
		try {
			this.process = builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return this;
	}

	/** Waits until it serves. */
	void awaitStart() {
		long deadline = System.nanoTime() + LONGEST_START;
		while (!serves()) {
			if (!this.process.isAlive() || System.nanoTime() - deadline > 0) {
				throw new IllegalStateException("Application " + this.name + " does not start: see its log");
			}
			Threads.pause(20);
		}
	}

	void start() {
		launch(Map.of()).awaitStart();
	}

	private boolean serves() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** SIGKILL. */
	void kill() {
		this.absences.begin(this.name);
		this.process.destroyForcibly();
		awaitEnd();
	}

	/** SIGTERM, after which it ends what it does. */
	void terminate() {
		// Process.destroy would also close its input, at which it ends at once
		Signals.send("TERM", this.process.pid());
		awaitEnd();
	}

	private void awaitEnd() {
		try {
			if (!this.process.waitFor(30, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Application " + this.name + " does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** SIGSTOP. */
	void freeze() {
		this.absence = this.absences.begin(this.name);
		Signals.stop(this.process.pid());
	}

	/** SIGCONT. */
	void thaw() {
		Signals.resume(this.process.pid());
		this.absences.end(this.absence);
	}

	/** Ends it, whatever state it is in. */
	void close() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

}
