package io.idempotency.torture;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.redis.RedisIdempotencyStore;
import io.idempotency.testsupport.Claims;
import io.idempotency.testsupport.RedisProcess;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A day of records in a minute: a million of them, each for some seconds. What they took
 * is free again afterwards, and at no moment is there one that would stay for ever.
 */
@Tag("torture")
class RecordExpiryIT {

	private static final int RECORDS = Integer.getInteger("torture.records", 1_000_000);

	private static final Duration TTL = Duration.ofSeconds(10);

	private static final int THREADS = 8;

	@Test
	void aMillionRecordsExpireAndLeaveNothing() throws Exception {
		try (RedisProcess redis = RedisProcess.redis62()) {
			LettuceConnectionFactory factory = new LettuceConnectionFactory("127.0.0.1", redis.port());
			factory.afterPropertiesSet();
			factory.start();
			RedisIdempotencyStore store = new RedisIdempotencyStore(factory, "idempotency", Duration.ofSeconds(5));
			RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", redis.port()));
			try (StatefulRedisConnection<String, String> connection = client.connect()) {
				warmUp(store);
				await().atMost(Duration.ofSeconds(30)).until(() -> connection.sync().dbsize() == 0);
				long baseline = memory(redis);
				AtomicBoolean writing = new AtomicBoolean(true);
				AtomicLong scanned = new AtomicLong();
				ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
				var scan = threads.submit(() -> scan(connection, writing, scanned));
				long startedAt = System.nanoTime();
				write(store, threads);
				long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedAt);
				long peak = memory(redis);
				writing.set(false);
				assertThat(scan.get(30, TimeUnit.SECONDS)).as("records without an expiry").isEmpty();
				threads.shutdown();
				await().atMost(TTL.multipliedBy(6)).until(() -> connection.sync().dbsize() == 0);
				await().atMost(Duration.ofSeconds(30)).until(() -> memory(redis) < baseline + 2_000_000);
				System.out.printf(
						"%,d records of %s in %d s, %,d looked at meanwhile: memory %,d before, %,d at the end,"
								+ " %,d after they expired%n",
						RECORDS, TTL, seconds, scanned.get(), baseline, peak, memory(redis));
			}
			finally {
				client.shutdown(0, 1, TimeUnit.SECONDS);
				store.stop();
				factory.destroy();
			}
		}
	}

	private static void warmUp(RedisIdempotencyStore store) {
		for (int i = 0; i < 1000; i++) {
			store.claim(Claims.fresh(Duration.ofMillis(100)));
		}
	}

	private static void write(RedisIdempotencyStore store, ExecutorService threads) throws Exception {
		AtomicLong left = new AtomicLong(RECORDS);
		StoredResult result = StoredResult.of(new byte[100]);
		var writers = new java.util.ArrayList<java.util.concurrent.Future<?>>();
		for (int i = 0; i < THREADS; i++) {
			writers.add(threads.submit(() -> {
				for (long number = left.getAndDecrement(); number > 0; number = left.getAndDecrement()) {
					Claim claim = Claims.fresh(TTL);
					store.claim(claim);
					// a tenth of all calls end in another way
					if (number % 20 == 0) {
						store.release(claim);
					}
					else if (number % 20 != 1) {
						store.complete(claim, result, TTL);
					}
				}
			}));
		}
		for (var writer : writers) {
			writer.get(10, TimeUnit.MINUTES);
		}
	}

	/** Looks at all keys, again and again. */
	private static Map<String, Long> scan(StatefulRedisConnection<String, String> connection, AtomicBoolean writing,
			AtomicLong scanned) throws Exception {
		Map<String, Long> immortal = new HashMap<>();
		while (writing.get()) {
			ScanCursor cursor = ScanCursor.INITIAL;
			do {
				KeyScanCursor<String> page = connection.sync().scan(cursor, ScanArgs.Builder.limit(500));
				Map<String, io.lettuce.core.RedisFuture<Long>> lives = new HashMap<>();
				page.getKeys().forEach((key) -> lives.put(key, connection.async().pttl(key)));
				for (var life : lives.entrySet()) {
					// -2 is a record that has expired meanwhile
					if (life.getValue().get(5, TimeUnit.SECONDS) == -1) {
						immortal.put(life.getKey(), -1L);
					}
				}
				scanned.addAndGet(lives.size());
				cursor = page;
			}
			while (!cursor.isFinished());
		}
		return immortal;
	}

	private static long memory(RedisProcess redis) {
		return redis.send("INFO memory")
			.lines()
			.filter((line) -> line.startsWith("used_memory:"))
			.mapToLong((line) -> Long.parseLong(line.substring("used_memory:".length()).strip()))
			.findFirst()
			.orElseThrow();
	}

}
