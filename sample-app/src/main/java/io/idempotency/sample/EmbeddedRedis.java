package io.idempotency.sample;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server of this application alone, in memory only, on a free port of the
 * loopback interface: a child process that runs the binary of the embedded-redis package.
 * <p>
 * It ends after the application has drained, so the package's own RedisServer is not
 * used: its JVM shutdown hook stops Redis while requests still run. And it ends when the
 * application is killed with SIGKILL: a shell stands between the two and waits for the
 * end of its input, a pipe that the kernel closes whatever way this process ends.
 */
final class EmbeddedRedis {

	private static final Log logger = LogFactory.getLog(EmbeddedRedis.class);

	/**
	 * Ctrl-C reaches every process of a terminal; the shell outlives it to clean up. It
	 * gives its output up, so that the output of a Redis that does not start has an end,
	 * and deletes the directory into which the package has just unpacked the binary.
	 */
	private static final String KEEPER = """
			trap '' INT
			"$@" &
			exec >/dev/null 2>&1
			while read -r _; do :; done
			kill $!
			wait
			rm "$1" && rmdir "${1%/*}"
			""";

	private final Process process;

	private final int port;

	private EmbeddedRedis(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	static EmbeddedRedis start() throws IOException, InterruptedException {
		File binary = ExecutableProvider.newJarResourceProvider().get();
		int port = freePort();
		List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", KEEPER, "sh"));
		command.addAll(List.of(binary.getPath(), "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "",
				"--appendonly", "no"));
		Process process = new ProcessBuilder(command).directory(binary.getParentFile())
			.redirectErrorStream(true)
			.start();
		EmbeddedRedis redis = new EmbeddedRedis(process, port);
		if (!redis.isReady()) {
			redis.stop();
			throw new IOException("Redis did not start on port " + port);
		}
		logger.info("Started a Redis of this application alone on 127.0.0.1:" + port
				+ "; set spring.data.redis.host or spring.data.redis.url to use another one");
		return redis;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/** The reader stays open: Redis logs little later on, and a pipe holds it. */
	private boolean isReady() {
		return this.process.inputReader().lines().anyMatch((line) -> line.contains("Ready to accept connections"));
	}

	int port() {
		return this.port;
	}

	void stop() throws IOException, InterruptedException {
		this.process.outputWriter().close();
		if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
			this.process.descendants().forEach(ProcessHandle::destroyForcibly);
			this.process.destroyForcibly();
		}
	}

}
