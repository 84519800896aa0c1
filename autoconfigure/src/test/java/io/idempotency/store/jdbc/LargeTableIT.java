package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.testsupport.Claims;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A million live records on PostgreSQL, and half a million that have expired: what a
 * claim and a replay cost beside them, and while the expired ones are removed.
 */
@Tag("measured")
class LargeTableIT {

	private static final int LIVE = Integer.getInteger("torture.records", 1_000_000);

	private static final int EXPIRED = LIVE / 2;

	private static final Duration BUDGET = Duration.ofSeconds(5);

	private static final int SAMPLES = 4000;

	private static final long LONGEST_DELAY = TimeUnit.MILLISECONDS.toNanos(50);

	private static final StoredResult RESULT = StoredResult.of(new byte[200]);

	@Test
	void sizeAndPurgeCostCallersNothing() throws Exception {
		try (PostgresDatabase database = new PostgresDatabase()) {
			database.withTable();
			TestDatabase.sql(database.pool()).execute("CREATE SCHEMA large");
			HikariDataSource pool = database.pool(10, JdbcStoreContract.settings("schema", "large"));
			database.makeTable(pool);
			JdbcTemplate sql = TestDatabase.sql(pool);
			JdbcIdempotencyStore small = TestDatabase.store(database.pool(), BUDGET);
			JdbcIdempotencyStore store = new JdbcIdempotencyStore(pool,
					new JdbcSettings(BUDGET, Duration.ofSeconds(3), 500, false), (count) -> {
					});
			fill(sql, LIVE, "live", Duration.ofHours(1));
			fill(sql, EXPIRED, "expired", Duration.ofHours(-1));
			sql.execute("VACUUM ANALYZE idempotency_record");
			sql.execute("CHECKPOINT");
			measureInTurn(small, store);
			Timings[] timings = measureInTurn(small, store);
			Timings empty = timings[0];
			Timings full = timings[1];
			System.out.printf(
					"%,d records and %,d expired ones: claim %d us, beside few %d us; replay %d us, beside few %d us%n",
					LIVE, EXPIRED, full.claim, empty.claim, full.replay, empty.replay);
			long slowest = slowestClaimDuringPurge(store);
			if (slowest >= LONGEST_DELAY) {
				// a machine that does something else for once does not do so twice
				fill(sql, EXPIRED, "expired again", Duration.ofHours(-1));
				slowest = slowestClaimDuringPurge(store);
			}
			assertThat((double) full.claim / empty.claim).as("claim").isLessThanOrEqualTo(1.3);
			assertThat((double) full.replay / empty.replay).as("replay").isLessThanOrEqualTo(1.3);
			assertThat(slowest).as("slowest claim while records are removed").isLessThan(LONGEST_DELAY);
		}
	}

	private static long slowestClaimDuringPurge(JdbcIdempotencyStore store) throws Exception {
		ExecutorService thread = Executors.newSingleThreadExecutor();
		// the turn of an earlier purge has to end first
		Future<Integer> purge = thread
			.submit(() -> await().atMost(Duration.ofSeconds(120)).until(store::purge, (removed) -> removed >= EXPIRED));
		long startedAt = System.nanoTime();
		long slowest = 0;
		int claims = 0;
		while (!purge.isDone()) {
			Claim claim = Claims.fresh();
			long from = System.nanoTime();
			store.claim(claim);
			slowest = Math.max(slowest, System.nanoTime() - from);
			claims++;
			Thread.sleep(1);
		}
		thread.shutdown();
		System.out.printf("%,d records were purged in %d s: slowest of %,d claims meanwhile %.1f ms%n", purge.get(),
				TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedAt), claims, slowest / 1e6);
		return slowest;
	}

	/** Medians, in microseconds. */
	private record Timings(long claim, long replay) {
	}

	/** By turns, so that whatever else the machine does concerns both. */
	private static Timings[] measureInTurn(JdbcIdempotencyStore... stores) {
		long[][] claims = new long[stores.length][SAMPLES];
		long[][] replays = new long[stores.length][SAMPLES];
		for (int i = 0; i < SAMPLES; i++) {
			for (int store = 0; store < stores.length; store++) {
				Claim claim = Claims.fresh();
				long startedAt = System.nanoTime();
				stores[store].claim(claim);
				claims[store][i] = System.nanoTime() - startedAt;
				stores[store].complete(claim, RESULT, Duration.ofHours(1));
				Claim again = Claims.again(claim);
				startedAt = System.nanoTime();
				ClaimOutcome outcome = stores[store].claim(again);
				replays[store][i] = System.nanoTime() - startedAt;
				assertThat(outcome).isInstanceOf(ClaimOutcome.Completed.class);
			}
		}
		Timings[] timings = new Timings[stores.length];
		for (int store = 0; store < stores.length; store++) {
			timings[store] = new Timings(median(claims[store]), median(replays[store]));
		}
		return timings;
	}

	private static long median(long[] nanos) {
		Arrays.sort(nanos);
		return nanos[nanos.length / 2] / 1000;
	}

	private static void fill(JdbcTemplate sql, int records, String name, Duration left) {
		sql.update("""
				INSERT INTO idempotency_record
				SELECT translate(substring(encode(sha256(convert_to(? || n, 'UTF8')), 'base64') FOR 22), '+/', '-_'),
					'POST /payments', 1, n, decode(md5(n::text), 'hex'), 0, 0,
					CAST(extract(epoch FROM now()) * 1000 AS bigint) + ?, convert_to(repeat('x', 200), 'UTF8')
				FROM generate_series(1, ?) n
				""", name, left.toMillis(), records);
	}

}
