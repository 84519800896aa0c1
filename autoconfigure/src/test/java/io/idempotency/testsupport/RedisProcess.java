package io.idempotency.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import redis.embedded.core.ExecutableProvider;

import static org.awaitility.Awaitility.await;

/**
 * A real Redis server of a test, on a free port of the loopback interface: the 6.2 binary
 * of the embedded-redis package, or one that a system property names,
 * {@code redis7.server} or {@code valkey.server}.
 */
public final class RedisProcess implements AutoCloseable {

	/** How far the port of the cluster bus is from the other one. */
	private static final int BUS = 10_000;

	private static Path embedded;

	private final List<String> command = new ArrayList<>();

	private final int port;

	private Process process;

	private RedisProcess(String executable, String... settings) {
		this.port = freePort();
		int file = (settings.length > 0 && !settings[0].startsWith("--")) ? 1 : 0;
		this.command.add(executable);
		this.command.addAll(List.of(settings).subList(0, file));
		this.command.addAll(List.of("--port", Integer.toString(this.port), "--bind", "127.0.0.1", "--save", "",
				"--appendonly", "no", "--daemonize", "no", "--dir", "target"));
		this.command.addAll(List.of(settings).subList(file, settings.length));
	}

	/**
	 * Starts the embedded Redis 6.2.
	 * @param settings as on the command line; the path of a configuration file may come
	 * first
	 */
	public static RedisProcess redis62(String... settings) {
		return new RedisProcess(embedded().toString(), settings).start();
	}

	private static synchronized Path embedded() {
		if (embedded == null) {
			try {
				embedded = ExecutableProvider.newJarResourceProvider().get().toPath();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return embedded;
	}

	/** Starts a Redis 7; the build runs its tests only where there is one. */
	public static RedisProcess redis7(String... settings) {
		return named("redis7.server", settings);
	}

	/** Starts a Valkey; the build runs its tests only where there is one. */
	public static RedisProcess valkey(String... settings) {
		return named("valkey.server", settings);
	}

	private static RedisProcess named(String property, String... settings) {
		String executable = System.getProperty(property);
		if (executable == null) {
			throw new IllegalStateException("Name a server with -D" + property + "=/path/to/the/server");
		}
		return new RedisProcess(executable, settings).start();
	}

	public RedisProcess start() {
		try {
			this.process = new ProcessBuilder(this.command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(this::answers);
		return this;
	}

	public int port() {
		return this.port;
	}

	/** Sends one inline command over a connection of its own; returns the raw reply. */
	public String send(String inline) {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.setSoTimeout(2000);
			socket.getOutputStream().write((inline + "\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
			if (this.command.contains("--sentinel")) {
				// one of Redis 7 knows no QUIT
				socket.shutdownOutput();
			}
			InputStream in = socket.getInputStream();
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** How often each command was called so far, those of scripts included. */
	public Map<String, Long> commandCalls() {
		Map<String, Long> calls = new TreeMap<>();
		Arrays.stream(send("INFO commandstats").split("\r\n"))
			.filter((line) -> line.startsWith("cmdstat_"))
			.forEach((line) -> {
				String name = line.substring("cmdstat_".length(), line.indexOf(':'));
				String count = line.substring(line.indexOf("calls=") + "calls=".length(), line.indexOf(','));
				calls.put(name, Long.valueOf(count));
			});
		return calls;
	}

	/** How often each command was called since then, save those of this question. */
	public Map<String, Long> commandsSince(Map<String, Long> before) {
		Map<String, Long> since = new TreeMap<>();
		commandCalls().forEach((name, count) -> {
			long more = count - before.getOrDefault(name, 0L);
			if (more > 0 && !name.equals("info") && !name.equals("quit")) {
				since.put(name, more);
			}
		});
		return since;
	}

	private boolean answers() {
		return send("PING").startsWith("+PONG");
	}

	public void stop() {
		this.process.destroyForcibly();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Redis does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** SIGSTOP: the server takes connections but does not answer. */
	public void freeze() {
		Signals.stop(this.process.pid());
	}

	/** SIGCONT. */
	public void thaw() {
		Signals.resume(this.process.pid());
	}

	/**
	 * A port that nobody listens to. It is below those that outgoing connections take, so
	 * that a server that was stopped finds its own again.
	 */
	public static int freePort() {
		return ThreadLocalRandom.current()
			.ints(11_000, 21_000)
			.filter((port) -> isFree(port) && isFree(port + BUS))
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

	@Override
	public void close() {
		stop();
	}

}
