package io.idempotency.benchmarks.http;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The Redis of the path, on a free port, in memory only. */
final class RedisProcess implements AutoCloseable {

	private final Process process;

	private final int port;

	private RedisProcess(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	static RedisProcess start(Options options) throws IOException, InterruptedException {
		Path directory = options.directory();
		int port = freePort();
		Process process = new ProcessBuilder(binary(), "--port", Integer.toString(port), "--bind", "127.0.0.1",
				"--save", "", "--appendonly", "no", "--dir", directory.toString())
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("redis.log").toFile())
			.start();
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
		RedisProcess redis = new RedisProcess(process, port);
		redis.awaitReady();
		return redis;
	}

	private static String binary() throws IOException {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
			.map((directory) -> new File(directory, "redis-server"))
			.filter(File::canExecute)
			.map(File::getPath)
			.findFirst()
			.orElseThrow(() -> new IOException("There is no redis-server in the path. It has to be Redis 7 or newer,"
					+ " and the one of the embedded-redis package is older"));
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private void awaitReady() throws IOException, InterruptedException {
		for (int i = 0; i < 100 && this.process.isAlive(); i++) {
			try (RedisConsole console = new RedisConsole(this.port)) {
				requireSetNxGet(console);
				return;
			}
			catch (ConnectException ex) {
				TimeUnit.MILLISECONDS.sleep(50);
			}
		}
		throw new IOException("Redis did not start, see redis.log");
	}

	/** SET with NX and GET together, which the floor needs, came with Redis 7. */
	private static void requireSetNxGet(RedisConsole console) throws IOException {
		String version = console.info("server").getOrDefault("redis_version", "0");
		if (Integer.parseInt(version.substring(0, version.indexOf('.'))) < 7) {
			throw new IllegalStateException("The benchmark needs Redis 7 or newer, this is " + version
					+ ": put its redis-server into the path");
		}
	}

	int port() {
		return this.port;
	}

	@Override
	public void close() {
		this.process.destroy();
		this.process.onExit().completeOnTimeout(this.process, 5, TimeUnit.SECONDS).join().destroyForcibly();
	}

}
