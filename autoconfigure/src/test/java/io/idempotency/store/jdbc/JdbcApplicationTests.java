package io.idempotency.store.jdbc;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** An application over HTTP, a process whose class path has nothing of Redis. */
class JdbcApplicationTests {

	@TempDir
	private Path directory;

	@Test
	void applicationWithoutRedisExecutesOnceAndReplays() throws Exception {
		int port = RedisProcess.freePort();
		Process application = start(port);
		try {
			HttpDialogue http = new HttpDialogue(port);
			await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> payments(http).equals("0"));
			HttpDialogue.Answer first = http.post("/payments", "order-1", "{\"amount\":25}");
			HttpDialogue.Answer replay = http.post("/payments", "order-1", "{\"amount\":25}");
			HttpDialogue.Answer other = http.post("/payments", "ORDER-1", "{\"amount\":25}");
			HttpDialogue.Answer mismatch = http.post("/payments", "order-1", "{\"amount\":26}");
			assertThat(List.of(first.status(), replay.status(), other.status(), mismatch.status())).containsExactly(201,
					201, 201, 422);
			assertThat(replay.response().headers().firstValue("Idempotent-Replayed")).contains("true");
			assertThat(other.response().headers().firstValue("Idempotent-Replayed")).isEmpty();
			assertThat(payments(http)).isEqualTo("2");
		}
		finally {
			application.destroy();
			application.waitFor(20, TimeUnit.SECONDS);
		}
	}

	private static String payments(HttpDialogue http) {
		return new String(http.send(http.request("GET", "/payments", null)).response().body(), StandardCharsets.UTF_8);
	}

	private Process start(int port) throws Exception {
		String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		String without = Arrays.stream(path.split(File.pathSeparator))
			.filter((entry) -> !new File(entry).getName()
				.matches(".*(redis|lettuce|spring-data|spring-boot-data|spring(-boot)?(-starter)?-security).*"))
			.collect(Collectors.joining(File.pathSeparator));
		assertThat(without).doesNotContain("lettuce-core", "spring-data-redis").contains("spring-jdbc");
		Path arguments = Files.writeString(this.directory.resolve("arguments"), "-cp \"" + without + "\"");
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + arguments,
				"-XX:TieredStopAtLevel=1", "-Dtest.server=" + System.getProperty("test.server", "tomcat"),
				JdbcApplication.class.getName(), "--server.port=" + port)
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
	}

}
