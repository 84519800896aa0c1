package io.idempotency.sample;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.idempotency.sample.testsupport.Answer;
import io.idempotency.sample.testsupport.RedisProcess;
import io.idempotency.sample.testsupport.SampleProcess;
import io.idempotency.sample.testsupport.SharedDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Rule 23: while Redis is away nothing is charged, and nobody waits for long. */
class RedisOutageIT {

	private static SharedDatabase database;

	private static RedisProcess redis;

	private static RedisProcess lateRedis;

	private static SampleProcess process;

	private static SampleProcess earlyProcess;

	@BeforeAll
	static void start() {
		database = SharedDatabase.started();
		redis = RedisProcess.started();
		lateRedis = RedisProcess.notStarted();
		process = SampleProcess.launch("outage", redis, database, "--idempotency.lease=12s");
		earlyProcess = SampleProcess.launch("outage-at-start", lateRedis, database);
	}

	@AfterAll
	static void stop() {
		process.close();
		earlyProcess.close();
		redis.close();
		lateRedis.close();
		database.close();
	}

	@ParameterizedTest
	@EnumSource
	void paymentIsRefusedDuringAnOutageAndAcceptedAfterIt(Outage outage) {
		assertThat(process.client().pay("before-" + outage).status()).isEqualTo(201);
		outage.begin();
		try {
			assertRefused(process, outage.name());
			// what was done before the outage is not done again either
			assertRefusal(process, "before-" + outage);
			assertThat(database.executions("before-" + outage)).isEqualTo(1);
		}
		finally {
			outage.end();
		}
		assertAccepted(process, outage.name());
		assertThat(process.client().pay("before-" + outage).isReplay()).isTrue();
	}

	/**
	 * Rule 16: the payment took effect, so its answer is kept as soon as Redis is back.
	 */
	@Test
	void answerOfAPaymentThatEndedDuringAnOutageIsKeptLater() {
		int records = redis.records();
		CompletableFuture<Answer> first = process.client().payAsync("during", "X-Demo-Delay", "1s");
		await().pollInterval(Duration.ofMillis(10)).until(() -> redis.records() > records);
		redis.process().kill();
		try {
			assertThat(first.join().status()).isEqualTo(201);
		}
		finally {
			redis.start();
		}
		Answer retry = await().pollInterval(Duration.ofMillis(50))
			.atMost(Duration.ofSeconds(20))
			.until(() -> process.client().pay("during"), Answer::isSuccess);
		assertThat(retry.isReplay()).isTrue();
		assertThat(retry.bytes()).isEqualTo(first.join().bytes());
		assertThat(process.client().metric("idempotency.completions.deferred")).isEqualTo(1);
		assertThat(database.executions("during")).isEqualTo(1);
	}

	@Test
	void applicationStartsWithoutItsRedisAndFindsItLater() {
		assertThat(earlyProcess.client().get("/ledger").status()).isEqualTo(200);
		assertThat(earlyProcess.client().post("/payments", null, "{}").status()).isEqualTo(400);
		assertRefused(earlyProcess, "early");
		assertRefused(earlyProcess, "early");
		lateRedis.start();
		assertAccepted(earlyProcess, "early");
	}

	private static void assertRefused(SampleProcess process, String key) {
		assertRefusal(process, key);
		assertThat(database.executions(key)).isZero();
	}

	private static void assertRefusal(SampleProcess process, String key) {
		long startedAt = System.nanoTime();
		Answer answer = process.client().pay(key);
		assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofMillis(1500));
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.problem()).isEqualTo("store-unavailable");
		assertThat(answer.header("Retry-After")).isEqualTo("1");
	}

	private static void assertAccepted(SampleProcess process, String key) {
		Answer answer = await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(20))
			.atMost(Duration.ofSeconds(10))
			.until(() -> process.client().pay(key), Answer::isSuccess);
		assertThat(answer.isReplay()).isFalse();
		assertThat(process.client().pay(key).bytes()).isEqualTo(answer.bytes());
		assertThat(database.executions(key)).isEqualTo(1);
	}

	private enum Outage {

		KILLED {
			@Override
			void begin() {
				redis.process().kill();
			}

			@Override
			void end() {
				redis.start();
			}
		},

		TERMINATED {
			@Override
			void begin() {
				redis.process().terminate();
				await().pollInterval(Duration.ofMillis(10)).until(() -> !redis.process().isAlive());
			}

			@Override
			void end() {
				redis.start();
			}
		},

		FROZEN {
			@Override
			void begin() {
				redis.process().pause();
			}

			@Override
			void end() {
				redis.process().resume();
			}
		};

		abstract void begin();

		abstract void end();

	}

}
