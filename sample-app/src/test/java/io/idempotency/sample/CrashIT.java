package io.idempotency.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import io.idempotency.sample.testsupport.Answer;
import io.idempotency.sample.testsupport.RedisProcess;
import io.idempotency.sample.testsupport.SampleProcess;
import io.idempotency.sample.testsupport.SharedDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Rule 25: a killed process costs at most one lease. */
class CrashIT {

	private static final Duration LEASE = Duration.ofSeconds(3);

	@Test
	void killedOwnerIsReplacedWhenItsLeaseEnds() {
		try (RedisProcess redis = RedisProcess.started();
				SharedDatabase database = SharedDatabase.started();
				SampleProcess owner = SampleProcess.launch("crash-owner", redis, database, "--idempotency.lease=3s");
				SampleProcess other = SampleProcess.launch("crash-other", redis, database, "--idempotency.lease=3s")) {
			redis.send("FLUSHALL");

			CompletableFuture<Answer> lost = owner.client().payAsync("crash", "X-Demo-Delay", "10s");
			await().pollInterval(Duration.ofMillis(10))
				.atMost(Duration.ofSeconds(30))
				.until(() -> redis.records() == 1);
			assertThat(other.client().pay("crash").problem()).isEqualTo("in-progress");
			owner.process().kill();
			Duration left = redis.timeToLive();
			long killedAt = System.nanoTime();
			assertThat(left).isPositive().isLessThanOrEqualTo(LEASE);
			assertThat(lost).failsWithin(Duration.ofSeconds(1));

			List<Answer> refusals = new ArrayList<>();
			Answer success = await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(20)).until(() -> {
				Answer answer = other.client().pay("crash");
				if (!answer.isSuccess()) {
					refusals.add(answer);
				}
				return answer;
			}, Answer::isSuccess);
			Duration waited = Duration.ofNanos(System.nanoTime() - killedAt);

			assertThat(waited).isBetween(left, left.plusSeconds(2));
			assertThat(refusals).isNotEmpty().allSatisfy((refusal) -> {
				assertThat(refusal.problem()).isEqualTo("in-progress");
				assertThat(refusal.header("Retry-After")).isEqualTo("1");
			});
			assertThat(success.status()).isEqualTo(201);
			assertThat(success.isReplay()).isFalse();
			assertThat(other.client().pay("crash").bytes()).isEqualTo(success.bytes());
			assertThat(database.executions("crash")).isEqualTo(1);
		}
	}

	@Test
	void killedOwnerOfAHeldOperationLeavesAnUnknownOutcomeUntilAnOperatorRemovesIt() {
		String[] arguments = { "--idempotency.lease=3s", "--idempotency.recovery=hold" };
		try (RedisProcess redis = RedisProcess.started();
				SharedDatabase database = SharedDatabase.started();
				SampleProcess owner = SampleProcess.launch("held-owner", redis, database, arguments);
				SampleProcess other = SampleProcess.launch("held-other", redis, database, arguments)) {
			redis.send("FLUSHALL");

			owner.client().payAsync("held", "X-Demo-Delay", "10s");
			await().pollInterval(Duration.ofMillis(10))
				.atMost(Duration.ofSeconds(30))
				.until(() -> redis.records() == 1);
			assertThat(other.client().pay("held").problem()).isEqualTo("in-progress");
			owner.process().kill();
			Duration left = redis.timeToLive();
			long killedAt = System.nanoTime();
			assertThat(left).isBetween(Duration.ofHours(24), Duration.ofHours(24).plus(LEASE));

			Answer refusal = await().pollInterval(Duration.ofMillis(20))
				.atMost(Duration.ofSeconds(20))
				.until(() -> other.client().pay("held"), (answer) -> !answer.problem().equals("in-progress"));
			Duration waited = Duration.ofNanos(System.nanoTime() - killedAt);
			assertThat(waited).isBetween(left.minusHours(24), left.minusHours(24).plusSeconds(2));
			assertThat(refusal.status()).isEqualTo(409);
			assertThat(refusal.problem()).isEqualTo("outcome-unknown");
			assertThat(refusal.header("Retry-After")).isNull();
			assertThat(database.executions("held")).isZero();

			String record = other.awaitOutput(Pattern.compile("without a known outcome. Record (\\S+)")).group(1);
			assertThat(redis.send("KEYS idempotency:*:" + record)).startsWith("*1");
			redis.send("FLUSHALL");
			Answer success = other.client().pay("held");
			assertThat(success.status()).isEqualTo(201);
			assertThat(database.executions("held")).isEqualTo(1);
		}
	}

}
