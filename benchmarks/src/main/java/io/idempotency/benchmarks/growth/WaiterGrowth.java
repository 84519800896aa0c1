package io.idempotency.benchmarks.growth;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.engine.Execution;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.engine.IdempotentCall;
import io.idempotency.engine.LeaseKeeper;
import io.idempotency.engine.Replay;
import io.idempotency.engine.Stores;
import io.idempotency.observation.IdempotencyMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** What it costs when more and more duplicates wait for one call, each on a thread. */
final class WaiterGrowth {

	private static final long HANDLER_MILLIS = 2000;

	private static final int STACK = 256 * 1024;

	private static final IdempotentOperation OPERATION = new IdempotentOperation("POST /payments", Calls.TTL,
			Duration.ofSeconds(30), InProgress.WAIT, Duration.ofSeconds(60), Recovery.RERUN, OnStoreFailure.REJECT,
			true, "redis");

	private final int max;

	WaiterGrowth(int max) {
		this.max = max;
	}

	MarkdownTable run(GrowthPlot plot) throws IOException, InterruptedException {
		MarkdownTable table = new MarkdownTable("Duplicates that wait for a call of two seconds", "duplicates",
				"commands", "Redis processor time, µs", "last answer after the first, ms", "replays");
		try (LiveRedis redis = new LiveRedis()) {
			LeaseKeeper keeper = new LeaseKeeper();
			IdempotencyEngine engine = new IdempotencyEngine(
					new Stores(Map.of("redis", redis.store()), Map.of("redis", redis.store()), Map.of(), Map.of()), 0,
					keeper, new IdempotencyMetrics(new SimpleMeterRegistry()), null);
			for (int waiters = 1; waiters <= this.max; waiters *= 10) {
				measure(redis, engine, waiters, table, plot);
			}
			keeper.close();
		}
		return table;
	}

	private static void measure(LiveRedis redis, IdempotencyEngine engine, int waiters, MarkdownTable table,
			GrowthPlot plot) throws InterruptedException {
		IdempotentCall call = new IdempotentCall(OPERATION, "principal:0::alice", "key-" + waiters,
				new Fingerprint(1, 2));
		Execution first = (Execution) engine.begin(call);
		AtomicInteger replays = new AtomicInteger();
		AtomicLong lastAt = new AtomicLong();
		CountDownLatch started = new CountDownLatch(waiters);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < waiters; i++) {
			Thread thread = new Thread(null, () -> {
				started.countDown();
				if (engine.begin(call) instanceof Replay) {
					replays.incrementAndGet();
					lastAt.accumulateAndGet(System.nanoTime(), Math::max);
				}
			}, "waiter", STACK);
			threads.add(thread);
			thread.start();
		}
		started.await();
		long commands = redis.info("stats", "total_commands_processed");
		long processor = processor(redis);
		TimeUnit.MILLISECONDS.sleep(HANDLER_MILLIS);
		first.complete(Calls.result());
		long answeredAt = System.nanoTime();
		for (Thread thread : threads) {
			thread.join();
		}
		long last = TimeUnit.NANOSECONDS.toMillis(lastAt.get() - answeredAt);
		plot.add("last answer", waiters, (double) last);
		table.row(String.format(Locale.ROOT, "%,d", waiters),
				redis.info("stats", "total_commands_processed") - commands, processor(redis) - processor, last,
				String.format(Locale.ROOT, "%,d", replays.get()));
	}

	/** Of its main thread, in microseconds. */
	private static long processor(LiveRedis redis) {
		return redis.micros("used_cpu_user_main_thread") + redis.micros("used_cpu_sys_main_thread");
	}

}
