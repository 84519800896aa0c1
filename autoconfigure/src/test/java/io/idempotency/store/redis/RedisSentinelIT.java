package io.idempotency.store.redis;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.testsupport.RedisProcess;
import io.idempotency.testsupport.RedisSentinels;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A primary and its replica, watched by Sentinels. */
@Tag("topology")
class RedisSentinelIT {

	private static final Log logger = LogFactory.getLog(RedisSentinelIT.class);

	private static final int KEYS = 3_000;

	RedisProcess startRedis(String... settings) {
		return RedisProcess.redis62(settings);
	}

	@Test
	void recordsSurviveThePrimaryThatDiesAndItsReturn() {
		try (RedisSentinels sentinels = new RedisSentinels(this::startRedis); BootedStore node = node(sentinels)) {
			RedisIdempotencyStore store = node.store();
			RecordLife.assertWhole(store);
			Claim pending = RecordLife.claim();
			assertThat(store.claim(pending)).isInstanceOf(ClaimOutcome.Acquired.class);
			Claim done = RecordLife.claim();
			assertThat(store.claim(done)).isInstanceOf(ClaimOutcome.Acquired.class);
			assertThat(store.complete(done, RecordLife.RESULT, RecordLife.MINUTE)).isTrue();

			sentinels.awaitReplication(0, 1);
			sentinels.kill(0);
			long died = System.nanoTime();
			patiently().until(() -> store.claim(RecordLife.duplicate(done)) instanceof ClaimOutcome.Completed);
			logger.info("Claims are answered again " + millis(System.nanoTime() - died) + " ms after the primary died");
			assertThat(store.claim(RecordLife.duplicate(pending)))
				.isEqualTo(new ClaimOutcome.Pending(pending.fingerprint()));
			assertThat(store.complete(pending, RecordLife.RESULT, RecordLife.MINUTE)).isTrue();
			RecordLife.assertWhole(store);

			sentinels.awaitPrimary(1);
			sentinels.restart(0);
			assertNothingIsWrittenToTheOldPrimary(sentinels, store);
			// on a slow machine the Sentinels may have changed the roles once more
			patiently().until(() -> store.claim(RecordLife.duplicate(pending)) instanceof ClaimOutcome.Completed);
		}
	}

	/** It is empty and takes itself for a primary until the Sentinels notice it. */
	private static void assertNothingIsWrittenToTheOldPrimary(RedisSentinels sentinels, RedisIdempotencyStore store) {
		long returned = System.nanoTime();
		patiently().until(() -> {
			RecordLife.assertCompletes(store);
			List<String> commands = List.copyOf(sentinels.server(0).commandCalls().keySet());
			if (commands.contains("slaveof")) {
				return true;
			}
			assertThat(commands).doesNotContain("set", "evalsha", "eval", "psetex");
			return false;
		});
		logger.info("The old primary took itself for one for " + millis(System.nanoTime() - returned) + " ms");
		sentinels.awaitReplica();
	}

	/**
	 * The Sentinels name another primary long before they tell the old one, and clients
	 * hear of it last of all. What it would answer meanwhile is lost, so it must not
	 * answer once it has no replica: its own settings forbid it, or the store's.
	 */
	@ParameterizedTest
	@CsvSource({ "false, 0, 1", "true, 1, 0" })
	void nothingRunsTwiceWhereWritesNeedAReplica(boolean frozen, int server, int store) {
		List<String> keys = IntStream.range(0, KEYS).mapToObj(Integer::toString).toList();
		try (RedisSentinels sentinels = new RedisSentinels(this::startRedis, "--min-replicas-to-write",
				Integer.toString(server), "--min-replicas-max-lag", "2");
				BootedStore one = node(sentinels, "idempotency.redis.min-replicas=" + store);
				BootedStore two = node(sentinels, "idempotency.redis.min-replicas=" + store);
				DuplicateTraffic traffic = new DuplicateTraffic(keys, one.store(), two.store())) {
			traffic.open(KEYS / 10);
			await().until(traffic::isIdle);
			if (frozen) {
				sentinels.server(0).freeze();
				sentinels.awaitPrimary(1);
				sentinels.server(0).thaw();
			}
			else {
				sentinels.failOver();
			}
			long begun = traffic.now();
			patiently().until(() -> {
				traffic.open(5);
				return sentinels.isPrimary(1) && !sentinels.isPrimary(0);
			});
			logger.info("Two primaries for " + millis(traffic.now() - begun) + " ms");
			traffic.open(KEYS);
			await().atMost(Duration.ofSeconds(30)).until(traffic::isIdle);
			traffic.stop();
			for (int i = 0; i < KEYS; i++) {
				traffic.call(one.store(), i);
				traffic.call(two.store(), i);
			}
			logger.info("Outcomes and failures: " + traffic.counts());
			assertThat(traffic.unexpected()).isEmpty();
			assertThat(traffic.suspects()).isEmpty();
			assertThat(IntStream.range(0, KEYS).map(traffic::executions)).allMatch((executions) -> executions == 1);
		}
	}

	private static long millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(nanos);
	}

	private static ConditionFactory patiently() {
		return await().atMost(Duration.ofSeconds(30))
			.pollInterval(Duration.ofMillis(20))
			.ignoreExceptionsMatching(
					(ex) -> ex instanceof IdempotencyStoreException || ex instanceof UncheckedIOException);
	}

	private static BootedStore node(RedisSentinels sentinels, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("spring.data.redis.sentinel.master=" + RedisSentinels.NAME);
		all.add("spring.data.redis.sentinel.nodes=" + sentinels.nodes());
		all.add("idempotency.store-timeout=2s");
		return new BootedStore(all.toArray(String[]::new)).awaitConnected();
	}

}
