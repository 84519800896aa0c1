package io.idempotency.sample.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import redis.embedded.core.ExecutableProvider;

import static org.awaitility.Awaitility.await;

/**
 * A Redis server of a test that can be stopped, frozen and started again on its port. It
 * writes its records to a file, so they outlive a kill.
 */
public final class RedisProcess implements AutoCloseable {

	private static final String EXECUTABLE = executable();

	private final int port = freePort();

	private final Path directory = newDirectory();

	private ChildProcess process;

	/** A port where a Redis may be started later. */
	public static RedisProcess notStarted() {
		return new RedisProcess();
	}

	public static RedisProcess started() {
		return new RedisProcess().start();
	}

	public RedisProcess start() {
		this.process = ChildProcess.start(
				List.of(EXECUTABLE, "--port", Integer.toString(this.port), "--bind", "127.0.0.1", "--save", "",
						"--appendonly", "yes", "--dir", this.directory.toString()),
				this.directory.resolve("redis.log").toFile());
		await().pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(20))
			.ignoreExceptions()
			.until(() -> send("PING").startsWith("+PONG"));
		return this;
	}

	public int port() {
		return this.port;
	}

	public ChildProcess process() {
		return this.process;
	}

	/** How many records there are. */
	public int records() {
		return (int) number(send("DBSIZE"));
	}

	/** The time that the only record has left. */
	public Duration timeToLive() {
		String[] reply = send("KEYS *").split("\r\n");
		if (!Objects.equals(reply[0], "*1")) {
			throw new IllegalStateException("Not one record but " + reply[0]);
		}
		return Duration.ofMillis(number(send("PTTL " + reply[2])));
	}

	private static long number(String reply) {
		return Long.parseLong(reply.substring(1, reply.indexOf('\r')));
	}

	/**
	 * Sends one inline command over a connection of its own and returns the raw reply.
	 */
	public String send(String command) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(2000);
			socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String executable() {
		try {
			return ExecutableProvider.newJarResourceProvider().get().getPath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path newDirectory() {
		try {
			Path parent = Files.createDirectories(Path.of("target", "processes"));
			return Files.createTempDirectory(parent, "redis-").toAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.close();
		}
	}

}
