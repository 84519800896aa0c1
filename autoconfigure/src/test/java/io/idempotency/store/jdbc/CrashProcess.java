package io.idempotency.store.jdbc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.idempotency.testsupport.RedisProcess;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * The process of {@link CrashApplication}. It keeps its port when it is started again.
 */
final class CrashProcess implements AutoCloseable {

	private final List<String> command;

	private final Path log;

	private final URI payments;

	private final int port = RedisProcess.freePort();

	private final BlockingQueue<String[]> reached = new LinkedBlockingQueue<>();

	private @Nullable Process process;

	/** None outlives a process, so that no connection does. */
	private HttpClient client = HttpClient.newHttpClient();

	/**
	 * @param properties of the application, each {@code name=value}
	 */
	CrashProcess(CrashMode mode, List<String> properties) {
		this.command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx256m",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				"-Dtest.server=tomcat", CrashApplication.class.getName(), mode.name(), "--server.port=" + this.port,
				"--server.address=127.0.0.1", "--spring.main.banner-mode=off", "--logging.level.root=warn",
				"--idempotency.store=" + mode.store(), "--idempotency.lease=2s"));
		properties.forEach((property) -> this.command.add("--" + property));
		this.log = Path.of("target", "crash-" + mode.store() + ".log");
		this.payments = URI.create("http://127.0.0.1:" + this.port + "/payments");
	}

	/** Starts it and waits until it serves. */
	void start() {
		try {
			Process started = new ProcessBuilder(this.command).redirectErrorStream(true).start();
			this.process = started;
			Thread reader = new Thread(() -> read(started), "application");
			reader.setDaemon(true);
			reader.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(20)).until(this::serves);
		this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
	}

	private void read(Process started) {
		try (BufferedReader lines = started.inputReader()) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				if (line.startsWith(CrashTrigger.REACHED + " ")) {
					this.reached.add(line.split(" "));
				}
				else {
					Files.writeString(this.log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
				}
			}
		}
		catch (IOException ex) {
			// it was killed
		}
	}

	private boolean serves() {
		Process started = this.process;
		if (started == null || !started.isAlive()) {
			throw new IllegalStateException("The application does not start: see " + this.log);
		}
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Asks for a payment under a key. */
	CompletableFuture<HttpResponse<String>> pay(String key, @Nullable CrashPoint crashAt) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.payments)
			.timeout(Duration.ofSeconds(30))
			.header("Idempotency-Key", key)
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"order\":\"" + key + "\"}"));
		if (crashAt != null) {
			request.header(CrashPointsOfWeb.HEADER, crashAt.name());
		}
		return this.client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	/**
	 * Waits until one more request stands at its point.
	 * @return the point, the key, and the payment if there is one
	 */
	String[] awaitReached() {
		try {
			String[] line = this.reached.poll(30, TimeUnit.SECONDS);
			if (line == null) {
				throw new IllegalStateException("A request did not reach its point");
			}
			return new String[] { line[1], line[2], line[3] };
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** SIGKILL. */
	void kill() {
		Process started = this.process;
		if (started != null) {
			started.destroyForcibly();
			started.onExit().orTimeout(30, TimeUnit.SECONDS).join();
		}
	}

	@Override
	public void close() {
		kill();
	}

}
