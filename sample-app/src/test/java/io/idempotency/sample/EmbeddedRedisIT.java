package io.idempotency.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import io.idempotency.sample.testsupport.Answer;
import io.idempotency.sample.testsupport.SampleProcess;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application's own Redis lives as long as the application needs it, and no longer.
 */
class EmbeddedRedisIT {

	private static final String CLAIMS = "idempotency.store?tag=command:claim";

	private static final Pattern REDIS = Pattern.compile("Redis of this application alone on 127.0.0.1:(\\d+)");

	/** Rule 25: a shutdown drains what runs, so Redis must still be there to keep it. */
	@Test
	void sigtermDrainsFirstAndThenEndsRedis() {
		try (SampleProcess process = SampleProcess.launch("own-redis-sigterm", List.of())) {
			int redis = portOfRedis(process);
			double claims = process.client().warmUp().metric(CLAIMS);
			CompletableFuture<Answer> running = process.client().payAsync("drained", "X-Demo-Delay", "2s");
			await().pollInterval(Duration.ofMillis(20)).until(() -> process.client().metric(CLAIMS) > claims);
			process.process().terminate();
			process.awaitOutput(Pattern.compile("Commencing graceful shutdown"));
			assertThat(running).isNotDone();
			assertThat(running.join().status()).isEqualTo(201);
			await().pollInterval(Duration.ofMillis(20)).until(() -> !process.process().isAlive());
			assertThat(process.output()).doesNotContain("failed to keep its result");
			awaitEndOf(redis);
		}
	}

	@Test
	void sigkillEndsRedisToo() {
		try (SampleProcess process = SampleProcess.launch("own-redis-sigkill", List.of())) {
			int redis = portOfRedis(process);
			process.process().kill();
			awaitEndOf(redis);
		}
	}

	private static int portOfRedis(SampleProcess process) {
		int port = Integer.parseInt(process.awaitOutput(REDIS).group(1));
		assertThat(listens(port)).isTrue();
		return port;
	}

	private static void awaitEndOf(int redis) {
		await().pollInterval(Duration.ofMillis(20)).until(() -> !listens(redis));
	}

	private static boolean listens(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
