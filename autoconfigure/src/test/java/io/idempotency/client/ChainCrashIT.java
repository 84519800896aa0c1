package io.idempotency.client;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process dies after it has called a provider, and another one makes its call again.
 */
class ChainCrashIT {

	private static final String KEY = "order-4711";

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void crashAfterTheProviderWasCalledBooksOnceWithKeysAndTwiceWithout(boolean keys) throws Exception {
		try (RedisProcess redis = RedisProcess.redis62(); FakeProvider provider = new FakeProvider()) {
			assertThat(transfer(redis, provider, keys, true)).isEqualTo(137);
			assertThat(provider.bookings()).hasSize(2);
			assertThat(transfer(redis, provider, keys, false)).isZero();
			assertThat(provider.requests()).hasSize(4);
			assertThat(provider.bookings()).hasSize(keys ? 2 : 4);
			List<String> sent = provider.keys();
			if (keys) {
				assertThat(sent.subList(2, 4)).isEqualTo(sent.subList(0, 2)).doesNotHaveDuplicates();
				assertThat(sent).noneMatch((key) -> key.contains(KEY));
				// it is done, and nothing is called any more
				assertThat(transfer(redis, provider, keys, false)).isZero();
				assertThat(provider.requests()).hasSize(4);
			}
			else {
				assertThat(sent).containsOnlyNulls();
			}
		}
	}

	/** Runs a process to its end, and gives its exit code. */
	private static int transfer(RedisProcess redis, FakeProvider provider, boolean keys, boolean dies)
			throws Exception {
		Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-Xmx256m",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				Transfer.class.getName(), "--spring.main.banner-mode=off", "--logging.level.root=warn",
				"--spring.data.redis.host=127.0.0.1", "--spring.data.redis.port=" + redis.port(),
				"--idempotency.lease=2s", "--idempotency.in-progress=wait", "--idempotency.wait-timeout=60s",
				"--provider.url=" + provider.url(), "--transfer.key=" + KEY, "--transfer.keys=" + keys,
				"--transfer.dies=" + dies)
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/chain-crash.log")))
			.start();
		try {
			assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
			return process.exitValue();
		}
		finally {
			process.destroyForcibly();
		}
	}

}
