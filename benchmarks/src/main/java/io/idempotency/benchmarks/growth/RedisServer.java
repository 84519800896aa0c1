package io.idempotency.benchmarks.growth;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import redis.embedded.core.ExecutableProvider;

/**
 * A Redis process that keeps nothing on disk: the {@code redis-server} of the path, or
 * the one of the embedded-redis package where there is none.
 */
final class RedisServer implements AutoCloseable {

	private final Process process;

	private final int port;

	private final Thread atExit = new Thread(this::end);

	RedisServer() throws IOException {
		this.port = freePort();
		this.process = new ProcessBuilder(List.of(executable(), "--port", Integer.toString(this.port), "--bind",
				"127.0.0.1", "--save", "", "--appendonly", "no"))
			.redirectErrorStream(true)
			.start();
		Runtime.getRuntime().addShutdownHook(this.atExit);
		if (this.process.inputReader().lines().noneMatch((line) -> line.contains("Ready to accept connections"))) {
			throw new IOException("Redis did not start on port " + this.port);
		}
	}

	private static String executable() throws IOException {
		String path = System.getenv().getOrDefault("PATH", "");
		Optional<String> installed = Stream.of(path.split(File.pathSeparator))
			.map((directory) -> new File(directory, "redis-server"))
			.filter(File::canExecute)
			.map(File::getPath)
			.findFirst();
		return installed.isPresent() ? installed.get() : ExecutableProvider.newJarResourceProvider().get().getPath();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	int port() {
		return this.port;
	}

	private void end() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		Runtime.getRuntime().removeShutdownHook(this.atExit);
		end();
	}

}
