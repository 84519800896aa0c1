package io.idempotency.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.StoredResult;
import io.idempotency.engine.Execution;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.engine.IdempotentCall;
import io.idempotency.engine.LeaseKeeper;
import io.idempotency.engine.Stores;
import io.idempotency.engine.Replay;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.redis.RedisIdempotencyStore;
import io.idempotency.testsupport.RedisProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Ten thousand duplicates that wait for one call of another process, on virtual threads.
 * Where there are none, before Java 21, as many as a Tomcat has threads: the others wait
 * before its door.
 */
@Tag("torture")
class ManyWaitersIT {

	private static final boolean VIRTUAL = Runtime.version().feature() >= 21;

	private static final int WAITERS = VIRTUAL ? 10_000 : 200;

	private static final IdempotentOperation OPERATION = new IdempotentOperation("POST /payments", Duration.ofHours(1),
			Duration.ofSeconds(60), InProgress.WAIT, Duration.ofSeconds(60), Recovery.RERUN, OnStoreFailure.REJECT,
			true, "redis");

	@Test
	void allAreAnsweredSoonAfterTheCompletionAndHardlyAskMeanwhile() throws Exception {
		try (RedisProcess redis = RedisProcess.redis62(); Node owner = new Node(redis); Node others = new Node(redis)) {
			// the second round is the one that counts: code is compiled, connections
			// stand
			run(redis, owner, others, WAITERS / 10, "first");
			run(redis, owner, others, WAITERS, "second");
			Result result = run(redis, owner, others, WAITERS, "third");
			assertThat(result.replays).isEqualTo(WAITERS);
			assertThat(result.commandsPerSecond).isLessThanOrEqualTo(10);
			assertThat(result.p99Millis).isLessThanOrEqualTo(100);
		}
	}

	private static Result run(RedisProcess redis, Node owner, Node others, int waiters, String key) throws Exception {
		IdempotentCall call = new IdempotentCall(OPERATION, "principal:0::alice", key, new Fingerprint(1, 2));
		Execution first = (Execution) owner.engine.begin(call);
		long begunAt = commands(redis);
		AtomicLongArray answeredAt = new AtomicLongArray(waiters);
		CountDownLatch waiting = new CountDownLatch(waiters);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < waiters; i++) {
			int number = i;
			Thread thread = thread(() -> {
				waiting.countDown();
				if (others.engine.begin(call) instanceof Replay) {
					answeredAt.set(number, System.nanoTime());
				}
			});
			threads.add(thread);
			thread.start();
		}
		waiting.await();
		// each asks once, and a thread that waits for the reply looks like one that is
		// parked
		await().atMost(Duration.ofSeconds(30)).until(() -> commands(redis) - begunAt >= waiters);
		await().atMost(Duration.ofSeconds(30))
			.until(() -> threads.stream().allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING));
		int threadsMeanwhile = Thread.activeCount();
		long before = commands(redis);
		TimeUnit.SECONDS.sleep(3);
		double commandsPerSecond = (commands(redis) - before) / 3.0;
		first.complete(StoredResult.of(new byte[105]));
		long completedAt = System.nanoTime();
		for (Thread thread : threads) {
			thread.join(30_000);
		}
		double[] millis = new double[waiters];
		Arrays.setAll(millis, (i) -> (answeredAt.get(i) - completedAt) / 1e6);
		Arrays.sort(millis);
		int replays = (int) Arrays.stream(millis).filter((time) -> time > -60_000).count();
		Result result = new Result(replays, commandsPerSecond, millis[waiters / 2], millis[waiters * 99 / 100]);
		System.out.printf(
				"%,d waiters in %,d threads: %,d replays, %.1f commands of Redis a second, answered %.1f ms"
						+ " after the completion in the median, %.1f ms at p99%n",
				waiters, threadsMeanwhile, replays, commandsPerSecond, result.medianMillis, result.p99Millis);
		return result;
	}

	/** A virtual one where there are such. */
	private static Thread thread(Runnable work) {
		if (!VIRTUAL) {
			return new Thread(work, "waiter");
		}
		try {
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			Class<?> type = Class.forName("java.lang.Thread$Builder");
			return (Thread) type.getMethod("unstarted", Runnable.class).invoke(builder, work);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Save this question and those of the driver for its own sake. */
	private static long commands(RedisProcess redis) {
		return redis.commandCalls()
			.entrySet()
			.stream()
			.filter((call) -> !call.getKey().matches("info|quit"))
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

	private record Result(int replays, double commandsPerSecond, double medianMillis, double p99Millis) {
	}

	/** One process of an application, as far as the store can tell. */
	private static final class Node implements AutoCloseable {

		private final LettuceConnectionFactory factory;

		private final RedisIdempotencyStore store;

		private final LeaseKeeper keeper = new LeaseKeeper();

		private final IdempotencyEngine engine;

		Node(RedisProcess redis) {
			this.factory = new LettuceConnectionFactory("127.0.0.1", redis.port());
			this.factory.afterPropertiesSet();
			this.factory.start();
			this.store = new RedisIdempotencyStore(this.factory, "idempotency", Duration.ofSeconds(20));
			this.engine = new IdempotencyEngine(
					new Stores(Map.of("redis", this.store), Map.of("redis", this.store), Map.of(), Map.of()), 1000,
					this.keeper, new IdempotencyMetrics(new SimpleMeterRegistry()), null);
		}

		@Override
		public void close() {
			this.keeper.close();
			this.store.stop();
			this.factory.destroy();
		}

	}

}
