package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.engine.MarkStores;
import io.idempotency.engine.StreamEngine;
import io.idempotency.engine.StreamPosition;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.redis.RedisIdempotencyStore;
import io.idempotency.testsupport.RedisProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A million positions over twelve partitions, each partition read by a thread of its own,
 * from any offset again and again, with consumers that die and with two that read the
 * same at once: what is done, what is skipped, and what it leaves behind.
 */
@Tag("volume")
class StreamVolumeIT {

	private static final int PARTITIONS = 12;

	private static final int SIZE = (Integer.getInteger("volume.positions", 1_000_000) + PARTITIONS - 1) / PARTITIONS;

	private static final int POSITIONS = SIZE * PARTITIONS;

	/** Of a hundred batches so many are one transaction; the others one per position. */
	private static final int JOINED = Integer.getInteger("volume.joined", 90);

	private static final int BATCH = 100;

	private static final Duration BUDGET = Duration.ofSeconds(10);

	private final IdempotencyMetrics metrics = new IdempotencyMetrics(new SimpleMeterRegistry());

	private final AtomicLong delivered = new AtomicLong();

	private final AtomicLong failures = new AtomicLong();

	private final AtomicLong overlaps = new AtomicLong();

	/** A consumer that dies, or is told to stop. */
	private static final class Death extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	/** Hands positions of a partition to a consumer, in order. */
	private interface Consumer {

		void read(int partition, int from, int to);

	}

	@Test
	void millionPositionsTakeEffectOnceInTheirTransactions() throws Exception {
		try (PostgresDatabase database = new PostgresDatabase()) {
			database.withTable();
			HikariDataSource pool = database.pool(40, new Properties());
			JdbcTemplate sql = new JdbcTemplate(pool);
			sql.execute("CREATE TABLE effect (part int NOT NULL, place int NOT NULL)");
			Transactions first = new Transactions(pool, sql);
			Transactions second = new Transactions(pool, sql);
			read(first, second, 0, 1);
			long bytesBefore = bytesOfMarks(sql);
			long heapBefore = heap();
			long startedAt = System.nanoTime();
			read(first, second, 1, SIZE);
			double seconds = (System.nanoTime() - startedAt) / 1e9;
			long rows = count(sql, "SELECT count(*) FROM effect");
			long distinct = count(sql, "SELECT count(*) FROM (SELECT DISTINCT part, place FROM effect) each");
			report("jdbc-transactional", seconds, POSITIONS - distinct, rows - distinct);
			System.out.printf(Locale.ROOT, "rows %d; table of marks %,d bytes before, %,d after; heap %,d KB, %,d KB%n",
					count(sql, "SELECT count(*) FROM idempotency_mark"), bytesBefore, bytesOfMarks(sql),
					heapBefore / 1024, heap() / 1024);
			sql.execute("VACUUM idempotency_mark");
			System.out.printf(Locale.ROOT, "table of marks after VACUUM %,d bytes%n", bytesOfMarks(sql));
			assertThat(distinct).as("not skipped").isEqualTo(POSITIONS);
			assertThat(rows).as("not done twice").isEqualTo(distinct);
			assertThat(count(sql, "SELECT count(*) FROM idempotency_mark")).isEqualTo(PARTITIONS);
			assertThat(count(sql, "SELECT min(mark_position) FROM idempotency_mark")).isEqualTo(SIZE - 1);
		}
	}

	private static long count(JdbcTemplate sql, String query) {
		Long count = sql.queryForObject(query, Long.class);
		return (count != null) ? count : -1;
	}

	private static long bytesOfMarks(JdbcTemplate sql) {
		return count(sql, "SELECT pg_total_relation_size('idempotency_mark')");
	}

	@Test
	void millionPositionsLeaveTwelveKeysInRedis() throws Exception {
		try (RedisProcess redis = RedisProcess.redis62()) {
			LettuceConnectionFactory factory = new LettuceConnectionFactory("127.0.0.1", redis.port());
			factory.afterPropertiesSet();
			factory.start();
			RedisIdempotencyStore store = new RedisIdempotencyStore(factory, "idempotency", BUDGET);
			try {
				InMemory first = new InMemory(store);
				InMemory second = new InMemory(store, first);
				read(first, second, 0, 1);
				long bytesBefore = usedMemory(redis);
				long heapBefore = heap();
				long startedAt = System.nanoTime();
				read(first, second, 1, SIZE);
				double seconds = (System.nanoTime() - startedAt) / 1e9;
				long missing = IntStream.range(0, POSITIONS).filter((i) -> first.done.get(i) == 0).count();
				long twice = IntStream.range(0, POSITIONS).mapToLong((i) -> Math.max(0, first.done.get(i) - 1)).sum();
				report("redis", seconds, missing, twice);
				System.out.printf(Locale.ROOT,
						"keys %s; used_memory %,d before, %,d after; heap %,d KB, %,d KB; deaths between effect and"
								+ " mark %,d, positions read by two at once %,d%n",
						redis.send("DBSIZE").lines().findFirst().orElse(""), bytesBefore, usedMemory(redis),
						heapBefore / 1024, heap() / 1024, this.failures.get(), this.overlaps.get());
				assertThat(missing).as("skipped").isZero();
				assertThat(twice).as("done twice").isLessThanOrEqualTo(this.failures.get() + this.overlaps.get());
				assertThat(redis.send("DBSIZE")).startsWith(":" + PARTITIONS + "\r");
				assertThat(usedMemory(redis) - bytesBefore).as("growth").isLessThan(1_000_000);
			}
			finally {
				store.stop();
				factory.destroy();
			}
		}
	}

	private static long usedMemory(RedisProcess redis) {
		return redis.send("INFO memory")
			.lines()
			.filter((line) -> line.startsWith("used_memory:"))
			.mapToLong((line) -> Long.parseLong(line.substring("used_memory:".length()).strip()))
			.findFirst()
			.orElseThrow();
	}

	private void report(String store, double seconds, long skipped, long twice) {
		System.out.printf(Locale.ROOT,
				"%s: %,d positions in %d partitions, delivered %,d times in %.0f s (%,.0f a second): skipped %,d, done"
						+ " twice %,d; consumers that failed %,d%n",
				store, POSITIONS, PARTITIONS, this.delivered.get(), seconds, this.delivered.get() / seconds, skipped,
				twice, this.failures.get());
	}

	private static long heap() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	private void read(Consumer first, Consumer second, int begin, int end) throws Exception {
		ExecutorService readers = Executors.newFixedThreadPool(PARTITIONS);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < PARTITIONS; i++) {
				int partition = i;
				all.add(readers.submit(() -> read(first, second, partition, begin, end)));
			}
			for (Future<?> reader : all) {
				reader.get(30, TimeUnit.MINUTES);
			}
		}
		finally {
			readers.shutdownNow();
		}
	}

	private void read(Consumer first, Consumer second, int partition, int begin, int end) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		int next = begin;
		while (next < end) {
			int from = (random.nextInt(10) == 0) ? random.nextInt(next + 1) : next;
			int to = Math.min(end, from + BATCH);
			boolean done = (random.nextInt(100) == 0) ? bothRead(first, second, partition, from, to)
					: isRead(first, partition, from, to);
			// what is behind a replay has to come yet
			next = done ? Math.max(next, to) : next;
		}
	}

	private boolean bothRead(Consumer first, Consumer second, int partition, int from, int to) {
		this.overlaps.addAndGet(to - from);
		CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> isRead(second, partition, from, to));
		boolean done = isRead(first, partition, from, to);
		return other.join() && done;
	}

	private boolean isRead(Consumer consumer, int partition, int from, int to) {
		try {
			consumer.read(partition, from, to);
			return true;
		}
		catch (Death ex) {
			this.failures.incrementAndGet();
			return false;
		}
	}

	private StreamPosition at(String store, int partition, int position) {
		this.delivered.incrementAndGet();
		return new StreamPosition("volume", store, "partition " + partition, position);
	}

	/** Which position of a batch a consumer does not survive, if any. */
	private static int end(int from, int to) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return (random.nextInt(50) == 0) ? random.nextInt(from, to) : -1;
	}

	/** Writes effects to the database. */
	private final class Transactions implements Consumer {

		private final JdbcTemplate sql;

		private final TransactionTemplate template;

		private final StreamEngine engine;

		Transactions(HikariDataSource pool, JdbcTemplate sql) {
			JdbcTransactionManager manager = new JdbcTransactionManager(pool);
			this.sql = sql;
			this.template = new TransactionTemplate(manager);
			this.engine = new StreamEngine(
					new MarkStores(Map.of(),
							Map.of("jdbc-transactional",
									new JdbcTransactionalIdempotencyStore(TestDatabase.store(pool, BUDGET), pool,
											manager, new DefaultTransactionDefinition()))),
					StreamVolumeIT.this.metrics, BUDGET);
		}

		@Override
		public void read(int partition, int from, int to) {
			int end = end(from, to);
			if (ThreadLocalRandom.current().nextInt(100) >= JOINED) {
				IntStream.range(from, to).forEach((position) -> handle(partition, position, end));
			}
			else {
				this.template.executeWithoutResult(
						(status) -> IntStream.range(from, to).forEach((position) -> handle(partition, position, end)));
			}
		}

		private void handle(int partition, int position, int end) {
			this.engine.handle(at("jdbc-transactional", partition, position), () -> {
				this.sql.update("INSERT INTO effect VALUES (?, ?)", partition, position);
				if (position == end) {
					throw new Death();
				}
			});
		}

	}

	/** Counts effects; dies between an effect and its mark. */
	private final class InMemory implements Consumer {

		private final AtomicIntegerArray done;

		private final StreamEngine engine;

		InMemory(RedisIdempotencyStore store) {
			this(store, new AtomicIntegerArray(POSITIONS));
		}

		InMemory(RedisIdempotencyStore store, InMemory other) {
			this(store, other.done);
		}

		private InMemory(RedisIdempotencyStore store, AtomicIntegerArray done) {
			this.done = done;
			this.engine = new StreamEngine(new MarkStores(Map.of("redis", store), Map.of()),
					StreamVolumeIT.this.metrics, BUDGET);
		}

		@Override
		public void read(int partition, int from, int to) {
			int end = end(from, to);
			for (int i = from; i < to; i++) {
				int position = i;
				this.engine.handle(at("redis", partition, position), () -> {
					this.done.incrementAndGet(partition * SIZE + position);
					if (position == end) {
						throw new Death();
					}
				});
			}
		}

	}

}
