package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariDataSource;
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
import io.idempotency.engine.Replay;
import io.idempotency.engine.Stores;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.AdministeredStoreContract;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.store.StoreAwayException;
import io.idempotency.store.UnreadableRecordException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The contract on a real database, and what is a table's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JdbcStoreContract extends AdministeredStoreContract {

	static final Duration BUDGET = Duration.ofSeconds(5);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	TestDatabase database;

	HikariDataSource pool;

	private JdbcIdempotencyStore store;

	private JdbcTemplate sql;

	abstract TestDatabase startDatabase();

	@BeforeAll
	void start() {
		this.database = startDatabase().withTable();
		this.database.withTable();
		this.pool = this.database.pool();
		this.store = TestDatabase.store(this.pool, BUDGET);
		this.sql = TestDatabase.sql(this.pool);
	}

	@AfterAll
	void stop() {
		this.database.close();
	}

	@Override
	protected IdempotencyStore store() {
		return this.store;
	}

	/** Statements take a millisecond or two, and there are many databases. */
	@Override
	protected Duration shortLease() {
		return Duration.ofMillis(150);
	}

	@Override
	protected void elapse(Duration time) {
		long until = System.nanoTime() + time.toNanos();
		await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > until);
	}

	@Test
	void firstCallCostsTwoStatementsAndReplayTwo() {
		Claim first = claim(key(), MINUTE);
		CountingDataSource counting = new CountingDataSource(this.pool);
		JdbcIdempotencyStore store = new JdbcIdempotencyStore(counting,
				new JdbcSettings(BUDGET, Duration.ZERO, 1, false), (count) -> {
				});
		store.claim(first);
		store.complete(first, result("done"), MINUTE);
		assertThat(counting.statements()).as("claim and completion").isEqualTo(2);
		store.claim(claim(first.key(), MINUTE));
		assertThat(counting.statements()).as("with a replay").isEqualTo(4);
	}

	@Test
	void keysAreComparedByteByByte() {
		String digest = key().digest().substring(0, 19);
		for (String end : List.of("ABC", "abc", "Abc", "aBC", "-_A", "_-A", "--A")) {
			Claim claim = claim(new RecordKey("GET /things", digest + end), MINUTE);
			assertThat(this.store.claim(claim)).as(end).isInstanceOf(ClaimOutcome.Acquired.class);
		}
	}

	@Test
	void keysOfCallersThatACollationWouldTakeForOneAreDifferent() {
		LeaseKeeper keeper = new LeaseKeeper();
		IdempotencyEngine engine = new IdempotencyEngine(Stores.of(Map.of("jdbc", this.store)), 1000, keeper,
				new IdempotencyMetrics(new SimpleMeterRegistry()), null);
		IdempotentOperation operation = new IdempotentOperation(UUID.randomUUID().toString(), MINUTE, MINUTE,
				InProgress.REJECT, Duration.ZERO, Recovery.RERUN, OnStoreFailure.REJECT, true, "jdbc");
		List<String> keys = List.of("ABC", "abc", "Abc", "abc ", " abc", "abc\u00a0", "ab\u00e7", "abc\u0301",
				"\ud83d\ude00", "\ud83d\ude01", "stra\u00dfe", "strasse");
		for (String key : keys) {
			IdempotentCall call = new IdempotentCall(operation, "", key, new Fingerprint(1, key.hashCode()));
			assertThat(engine.begin(call)).as(key)
				.isInstanceOfSatisfying(Execution.class, (execution) -> execution.complete(result(key)));
			assertThat(engine.begin(call)).as(key)
				.isInstanceOfSatisfying(Replay.class,
						(replay) -> assertThat(replay.read(StoredResult::payload)).isEqualTo(result(key).payload()));
		}
	}

	@Test
	void ownersAndFingerprintsOfAllBitsComeBack() {
		Claim claim = new Claim(key(), new OwnerToken(Long.MIN_VALUE), new Fingerprint(Long.MIN_VALUE, -1), MINUTE);
		this.store.claim(claim);
		assertThat(this.store.claim(claim(claim.key(), MINUTE)))
			.isEqualTo(new ClaimOutcome.Pending(claim.fingerprint()));
		assertThat(this.store.renew(claim)).isTrue();
	}

	@Test
	void longOperationsAreCut() {
		Claim claim = claim(new RecordKey("\0" + "ü😀".repeat(300), key().digest()), MINUTE);
		assertThat(this.store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(this.store.complete(claim, result("done"), MINUTE)).isTrue();
	}

	@Test
	void twoPoolsSeeOneAnother() throws Exception {
		JdbcIdempotencyStore other = TestDatabase.store(this.database.pool(), BUDGET);
		for (int round = 0; round < 50; round++) {
			RecordKey key = key();
			List<Claim> claims = List.of(claim(key, MINUTE), claim(key, MINUTE));
			List<ClaimOutcome> outcomes = inParallel(2,
					(number) -> ((number == 0) ? this.store : other).claim(claims.get(number)));
			assertThat(outcomes).filteredOn(ClaimOutcome.Acquired.class::isInstance).hasSize(1);
			int winner = (outcomes.get(0) instanceof ClaimOutcome.Acquired) ? 0 : 1;
			assertThat(other.complete(claims.get(winner), result("done"), MINUTE)).isTrue();
			assertThat(this.store.claim(claims.get(1 - winner))).isInstanceOf(ClaimOutcome.Completed.class);
		}
	}

	@Test
	void poolWithoutAutoCommitLeavesNothingOpen() {
		HikariDataSource manual = this.database.pool(2, settings("autoCommit", "false"));
		JdbcIdempotencyStore store = TestDatabase.store(manual, BUDGET);
		Claim claim = claim(key(), shortLease());
		assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(this.store.claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Pending.class);
		assertThat(store.claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Pending.class);
		elapse(shortLease().multipliedBy(2));
		Claim next = claim(claim.key(), MINUTE);
		assertThat(store.claim(next)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(store.complete(claim, result("late"), MINUTE)).isFalse();
		assertThat(store.complete(next, result("done"), MINUTE)).isTrue();
		assertThat(this.store.claim(claim)).isInstanceOf(ClaimOutcome.Completed.class);
	}

	@Test
	void strictIsolationAndManyThreadsHaveOneWinnerPerKey() throws Exception {
		for (String isolation : List.of("TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE")) {
			for (String autoCommit : List.of("true", "false")) {
				HikariDataSource strict = this.database.pool(16,
						settings("transactionIsolation", isolation, "autoCommit", autoCommit));
				JdbcIdempotencyStore store = TestDatabase.store(strict, Duration.ofSeconds(20));
				for (int round = 0; round < 3; round++) {
					RecordKey key = key();
					AtomicInteger ran = new AtomicInteger();
					inParallel(64, (number) -> {
						Claim claim = claim(key, MINUTE);
						if (store.claim(claim) instanceof ClaimOutcome.Acquired) {
							ran.incrementAndGet();
							assertThat(store.renew(claim)).isTrue();
							assertThat(store.complete(claim, result("done"), MINUTE)).isTrue();
						}
						return null;
					});
					assertThat(ran).as(isolation + " " + autoCommit).hasValue(1);
				}
			}
		}
	}

	@Test
	void callWithinATransactionIsNoPartOfIt() {
		Claim claim = claim(key(), MINUTE);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(this.pool));
		transaction.executeWithoutResult((status) -> {
			this.sql.queryForObject("SELECT count(*) FROM idempotency_record WHERE record_key = ?", Long.class,
					claim.key().digest());
			this.store.claim(claim);
			status.setRollbackOnly();
		});
		assertThat(this.store.claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Pending.class);
	}

	@Test
	void exhaustedPoolIsAFailureWithinTheBudgetAndNothingIsSent() throws Exception {
		Duration budget = Duration.ofMillis(300);
		HikariDataSource small = this.database.pool(1, new Properties());
		JdbcIdempotencyStore store = TestDatabase.store(small, budget);
		Claim claim = claim(key(), MINUTE);
		try (var held = small.getConnection()) {
			assertThat(held.isClosed()).isFalse();
			assertThatAwayWithin(budget, () -> store.claim(claim));
			inParallel(40, (number) -> {
				assertThatAwayWithin(budget.multipliedBy(2), () -> store.claim(claim(key(), MINUTE)));
				return null;
			});
		}
		assertThat(this.store.claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(store.claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Pending.class);
	}

	private static void assertThatAwayWithin(Duration budget, Runnable call) {
		long startedAt = System.nanoTime();
		assertThatExceptionOfType(StoreAwayException.class).isThrownBy(call::run);
		assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(budget);
	}

	@Test
	void interruptedCallerIsAFailureAndStaysInterrupted() throws Exception {
		HikariDataSource small = this.database.pool(1, new Properties());
		JdbcIdempotencyStore store = TestDatabase.store(small, BUDGET);
		Claim claim = claim(key(), MINUTE);
		try (var held = small.getConnection()) {
			assertThat(held.isClosed()).isFalse();
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> store.claim(claim))
				.withMessageContaining("Interrupted");
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(store.claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void recordOfAnUnknownStatusIsNeitherAbsentNorOverwritten() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		this.sql.update("UPDATE idempotency_record SET status = 77 WHERE record_key = ?", claim.key().digest());
		assertThatExceptionOfType(UnreadableRecordException.class).isThrownBy(() -> this.store.claim(claim));
		assertThat(this.store.complete(claim, result("done"), MINUTE)).isFalse();
		assertThat(this.store.renew(claim)).isFalse();
		assertThat(this.store.release(claim)).isFalse();
		assertThat(this.sql.queryForObject("SELECT status FROM idempotency_record WHERE record_key = ?", Integer.class,
				claim.key().digest()))
			.isEqualTo(77);
	}

	@Test
	void missingTableIsAnAnswerThatSaysWhatToDo() {
		this.sql.execute("ALTER TABLE idempotency_record RENAME TO idempotency_elsewhere");
		try {
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> this.store.claim(claim(key(), MINUTE)))
				.withMessageContaining("idempotency.jdbc.initialize-schema")
				.matches(IdempotencyStoreException::isAnswered);
		}
		finally {
			this.sql.execute("ALTER TABLE idempotency_elsewhere RENAME TO idempotency_record");
		}
		assertThat(this.store.claim(claim(key(), MINUTE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void newKeysOfAScopeAreCountedInWindowsThatEnd() {
		String scope = key().digest();
		Duration window = Duration.ofSeconds(1);
		assertThat(count(scope, window)).isZero();
		assertThat(count(scope, window)).isBetween(Duration.ofMillis(1), window);
		assertThat(count(scope, window)).isBetween(Duration.ofMillis(1), window);
		assertThat(count(key().digest(), window)).isZero();
		elapse(window.plusMillis(50));
		assertThat(count(scope, window)).isZero();
	}

	private Duration count(String scope, Duration window) {
		return this.store.countNewKey(scope, 2, window).toCompletableFuture().join();
	}

	@Test
	void purgeRemovesWhatHasExpiredInBatchesAndNothingElse() {
		List<Claim> expired = new ArrayList<>();
		for (int i = 0; i < 25; i++) {
			Claim claim = claim(key(), (i % 2 == 0) ? Duration.ofMillis(1) : MINUTE);
			this.store.claim(claim);
			if (i % 2 == 1) {
				this.store.complete(claim, StoredResult.of(new byte[i]), Duration.ofMillis(1));
			}
			expired.add(claim);
		}
		Claim live = claim(key(), MINUTE);
		Claim held = held(key(), Duration.ofMillis(1), MINUTE);
		this.store.claim(live);
		this.store.claim(held);
		elapse(Duration.ofMillis(20));
		List<Integer> batches = new ArrayList<>();
		JdbcIdempotencyStore purging = new JdbcIdempotencyStore(this.pool,
				new JdbcSettings(BUDGET, Duration.ofMillis(1500), 10, false), batches::add);
		int removed = purging.purge();
		assertThat(removed).isGreaterThanOrEqualTo(25);
		assertThat(batches).allMatch((count) -> count <= 10);
		assertThat(batches.stream().mapToInt(Integer::intValue).sum()).isEqualTo(removed);
		for (Claim claim : expired) {
			assertThat(exists(claim)).isFalse();
		}
		assertThat(exists(live)).isTrue();
		assertThat(this.store.claim(claim(held.key(), MINUTE))).isInstanceOf(ClaimOutcome.Unknown.class);
		// another node has no turn until the interval is over
		Claim next = claim(key(), Duration.ofMillis(1));
		this.store.claim(next);
		elapse(Duration.ofMillis(20));
		JdbcIdempotencyStore other = new JdbcIdempotencyStore(this.database.pool(),
				new JdbcSettings(BUDGET, Duration.ofMillis(1500), 10, false), (count) -> {
				});
		assertThat(other.purge()).isZero();
		assertThat(exists(next)).isTrue();
		await().atMost(Duration.ofSeconds(10)).until(() -> other.purge() > 0);
		assertThat(exists(next)).isFalse();
	}

	private boolean exists(Claim claim) {
		Long count = this.sql.queryForObject("SELECT count(*) FROM idempotency_record WHERE record_key = ?", Long.class,
				claim.key().digest());
		return count != null && count > 0;
	}

	@Test
	void timeIsTheDatabasesInMillisecondsSince1970() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		Long expiresAt = this.sql.queryForObject("SELECT expires_at FROM idempotency_record WHERE record_key = ?",
				Long.class, claim.key().digest());
		assertThat(Duration.ofMillis(expiresAt - System.currentTimeMillis())).isBetween(Duration.ofSeconds(50),
				Duration.ofSeconds(61));
	}

	static void pause(Duration time) {
		LockSupport.parkNanos(time.toNanos());
	}

	static Properties settings(String... settings) {
		Properties properties = new Properties();
		for (int i = 0; i < settings.length; i += 2) {
			properties.setProperty(settings[i], settings[i + 1]);
		}
		return properties;
	}

	/** What one of several threads does. */
	interface Work<T> {

		T run(int number) throws Exception;

	}

	static <T> List<T> inParallel(int threads, Work<T> work) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		CountDownLatch start = new CountDownLatch(threads);
		try {
			List<Future<T>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				int number = i;
				futures.add(executor.submit(() -> {
					start.countDown();
					start.await();
					return work.run(number);
				}));
			}
			List<T> results = new ArrayList<>();
			for (Future<T> future : futures) {
				results.add(future.get(60, TimeUnit.SECONDS));
			}
			return results;
		}
		finally {
			executor.shutdownNow();
		}
	}

}
