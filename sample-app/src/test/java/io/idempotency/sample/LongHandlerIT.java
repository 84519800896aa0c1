package io.idempotency.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.idempotency.sample.testsupport.Answer;
import io.idempotency.sample.testsupport.RedisProcess;
import io.idempotency.sample.testsupport.SampleProcess;
import io.idempotency.sample.testsupport.SharedDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Rule 21: the lease is renewed while the method runs. */
class LongHandlerIT {

	@Test
	void handlerThatOutlastsItsLeaseThreeTimesRunsOnce() {
		try (RedisProcess redis = RedisProcess.started();
				SharedDatabase database = SharedDatabase.started();
				SampleProcess process = SampleProcess.launch("long", redis, database, "--idempotency.lease=1s",
						"--idempotency.store-timeout=500ms")) {
			redis.send("FLUSHALL");

			long startedAt = System.nanoTime();
			CompletableFuture<Answer> first = process.client().payAsync("long", "X-Demo-Delay", "3500ms");
			await().pollInterval(Duration.ofMillis(10)).until(() -> redis.records() == 1);
			List<Answer> duplicates = new ArrayList<>();
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(25))
				.atMost(Duration.ofSeconds(20))
				.until(() -> {
					duplicates.add(process.client().pay("long"));
					return first.isDone();
				});
			assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isGreaterThan(Duration.ofSeconds(3));

			assertThat(first.join().status()).isEqualTo(201);
			assertThat(first.join().isReplay()).isFalse();
			assertThat(duplicates).hasSizeGreaterThan(30).allSatisfy((duplicate) -> {
				if (!duplicate.isReplay()) {
					assertThat(duplicate.problem()).isEqualTo("in-progress");
				}
			});
			assertThat(process.client().pay("long").bytes()).isEqualTo(first.join().bytes());
			assertThat(process.client().metric("idempotency.leases.lost")).isZero();
			assertThat(database.executions("long")).isEqualTo(1);
		}
	}

}
