package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The measured application in a JVM of its own. */
final class ApplicationProcess implements AutoCloseable {

	private static final long START_SECONDS = 60;

	private final Process process;

	private final int port;

	private ApplicationProcess(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	static ApplicationProcess start(String name, Options options, int redisPort, List<String> properties)
			throws IOException, InterruptedException {
		Path log = options.directory().resolve(name + ".log");
		Path portFile = options.directory().resolve(name + ".port");
		Files.deleteIfExists(portFile);
		List<String> command = new ArrayList<>();
		command.add(options.appJava());
		command.addAll(List.of("-Xmx512m", "-Dbenchmark.port-file=" + portFile));
		command.addAll(options.appJvmArgs());
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchmarkApplication.class.getName(),
				"--spring.data.redis.host=127.0.0.1", "--spring.data.redis.port=" + redisPort));
		command.addAll(options.appArgs());
		command.addAll(properties);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
		return new ApplicationProcess(process, awaitPort(process, portFile, log));
	}

	private static int awaitPort(Process process, Path portFile, Path log) throws IOException, InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
		while (System.nanoTime() < deadline && process.isAlive()) {
			if (Files.exists(portFile) && Files.size(portFile) > 0) {
				return Integer.parseInt(Files.readString(portFile).trim());
			}
			TimeUnit.MILLISECONDS.sleep(50);
		}
		process.destroy();
		throw new IOException("The application did not start, see " + log);
	}

	int port() {
		return this.port;
	}

	/** How many bytes its threads have allocated so far. */
	long allocated() throws IOException {
		try (InputStream answer = new URL("http", "127.0.0.1", this.port, AllocationController.PATH).openStream()) {
			return Long.parseLong(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
		}
	}

	long pid() {
		return this.process.pid();
	}

	@Override
	public void close() {
		this.process.destroy();
		this.process.onExit().completeOnTimeout(this.process, 30, TimeUnit.SECONDS).join().destroyForcibly();
	}

}
