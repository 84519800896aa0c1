package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.stream.Stream;

import io.idempotency.Idempotent;

/** On what was measured. */
final class Environment {

	private Environment() {
	}

	static String describe(Options options, RedisConsole redis) throws IOException {
		return String.format(
				"%s, %d processors of %s, Linux %s%n"
						+ "Library of %s, %s, Redis %s, %d rounds of %s s, arguments of the application: %s %s%n%n",
				Instant.now().truncatedTo(ChronoUnit.SECONDS), Runtime.getRuntime().availableProcessors(), processor(),
				System.getProperty("os.version"), library(), java(options), redisVersion(redis), options.rounds(),
				options.seconds(), options.appJvmArgs(), options.appArgs());
	}

	private static String processor() throws IOException {
		try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse(System.getProperty("os.arch"));
		}
	}

	/** With its allocator, whose steps are seen in the bytes per record. */
	private static String redisVersion(RedisConsole redis) throws IOException {
		return redis.info("server").get("redis_version") + " with " + redis.info("memory").get("mem_allocator");
	}

	/** When it was built: the class path may hold another one than is thought. */
	private static Instant library() throws IOException {
		URL type = Objects.requireNonNull(Idempotent.class.getResource("Idempotent.class"));
		return Instant.ofEpochMilli(type.openConnection().getLastModified());
	}

	private static String java(Options options) throws IOException {
		Process process = new ProcessBuilder(options.appJava(), "-version").redirectErrorStream(true).start();
		try (InputStream output = process.getInputStream()) {
			return new String(output.readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("unknown");
		}
	}

}
