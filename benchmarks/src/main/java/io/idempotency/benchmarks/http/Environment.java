package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

import io.idempotency.Idempotent;

/** On what was measured. */
final class Environment {

	private Environment() {
	}

	static String describe(Options options, RedisConsole redis) throws IOException {
		return String.format(
				"Library of %s, %s, Redis %s, %d processors, %d rounds of %s s, arguments of the application: %s %s%n%n",
				library(), java(options), redis.info("server").get("redis_version"),
				Runtime.getRuntime().availableProcessors(), options.rounds(), options.seconds(), options.appJvmArgs(),
				options.appArgs());
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
