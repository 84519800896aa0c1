package io.idempotency.sample;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.idempotency.sample.testsupport.Answer;
import io.idempotency.sample.testsupport.RedisProcess;
import io.idempotency.sample.testsupport.SampleProcess;
import io.idempotency.sample.testsupport.SharedDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Rule 21: a process that stood still for longer than its lease. */
class PausedOwnerIT {

	private static RedisProcess redis;

	private static SharedDatabase database;

	private static SampleProcess owner;

	private static SampleProcess other;

	@BeforeAll
	static void start() {
		redis = RedisProcess.started();
		database = SharedDatabase.started();
		owner = SampleProcess.launch("paused-owner", redis, database, "--idempotency.lease=2s");
		other = SampleProcess.launch("paused-other", redis, database, "--idempotency.lease=2s");
	}

	@AfterAll
	static void stop() {
		List.of(owner, other).forEach(SampleProcess::close);
		redis.close();
		database.close();
	}

	@BeforeEach
	void forgetRecords() {
		redis.send("FLUSHALL");
	}

	@Test
	void staleOwnerDoesNotOverwriteTheOneThatTookOver() {
		double lost = owner.client().metric("idempotency.leases.lost");
		CompletableFuture<Answer> stale = pauseOwnerOf("taken-over", "3s");
		Answer takeover = await().pollInterval(Duration.ofMillis(50))
			.atMost(Duration.ofSeconds(10))
			.until(() -> other.client().pay("taken-over"), Answer::isSuccess);
		assertThat(takeover.isReplay()).isFalse();
		assertThat(stale).isNotDone();
		owner.process().resume();

		assertThat(stale.join().status()).isEqualTo(201);
		assertThat(stale.join().isReplay()).isFalse();
		assertThat(stale.join().<Integer>json("$.id")).isNotEqualTo(takeover.json("$.id"));
		for (SampleProcess process : List.of(owner, other)) {
			Answer retry = process.client().pay("taken-over");
			assertThat(retry.isReplay()).isTrue();
			assertThat(retry.bytes()).isEqualTo(takeover.bytes());
			assertThat(retry.header("Location")).isEqualTo(takeover.header("Location"));
		}
		assertThat(owner.client().metric("idempotency.leases.lost") - lost).isEqualTo(1);
		assertThat(other.client().metric("idempotency.leases.lost")).isZero();
		// the record is safe, the account is not: this is what a lease cannot prevent
		assertThat(database.executions("taken-over")).isEqualTo(2);
	}

	@Test
	void ownerThatNobodyReplacedGoesOn() {
		double lost = owner.client().metric("idempotency.leases.lost");
		CompletableFuture<Answer> first = pauseOwnerOf("undisturbed", "6s");
		await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(10)).until(() -> redis.records() == 0);
		owner.process().resume();
		await().pollInterval(Duration.ofMillis(10)).until(() -> redis.records() == 1);
		assertThat(other.client().pay("undisturbed").problem()).isEqualTo("in-progress");

		assertThat(first.join().status()).isEqualTo(201);
		assertThat(other.client().pay("undisturbed").bytes()).isEqualTo(first.join().bytes());
		assertThat(owner.client().metric("idempotency.leases.lost")).isEqualTo(lost);
		assertThat(database.executions("undisturbed")).isEqualTo(1);
	}

	private static CompletableFuture<Answer> pauseOwnerOf(String key, String delay) {
		double before = claims();
		CompletableFuture<Answer> answer = owner.client().payAsync(key, "X-Demo-Delay", delay);
		// an owner that is paused before it has read the reply to its claim finds out in
		// time
		await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10)).until(() -> claims() > before);
		owner.process().pause();
		return answer;
	}

	/** How many claims the owner knows that it has. */
	private static double claims() {
		return owner.client().metric("idempotency.store?tag=command:claim&tag=outcome:acquired");
	}

}
