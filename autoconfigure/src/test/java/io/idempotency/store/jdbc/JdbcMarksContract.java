package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.store.Claim;
import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.HighWaterMarkStoreContract;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StreamKey;
import io.idempotency.store.TransactionalMark;
import io.idempotency.testsupport.Claims;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Marks in a real database, each by itself and in transactions of the application. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JdbcMarksContract extends HighWaterMarkStoreContract {

	TestDatabase database;

	HikariDataSource pool;

	JdbcTemplate sql;

	JdbcTransactionManager manager;

	JdbcIdempotencyStore records;

	private final ThreadLocal<TransactionalMark> begun = new ThreadLocal<>();

	abstract TestDatabase startDatabase();

	/** Whether a row is locked by a statement that finds it not to be changed. */
	boolean locksRowsThatStay() {
		return false;
	}

	@BeforeAll
	void start() {
		this.database = startDatabase().withTable();
		this.pool = this.database.pool();
		this.sql = new JdbcTemplate(this.pool);
		this.sql.execute("CREATE TABLE effect (stream varchar(22) NOT NULL, place bigint NOT NULL)");
		this.manager = new JdbcTransactionManager(this.pool);
		this.records = TestDatabase.store(this.pool, JdbcStoreContract.BUDGET);
	}

	@AfterAll
	void stop() {
		this.database.close();
	}

	@AfterEach
	void nothingIsLeftBehind() {
		TransactionalMark last = this.begun.get();
		if (last != null) {
			// where a test has failed
			last.rollBack();
			this.begun.remove();
		}
		assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(this.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
	}

	@Override
	protected HighWaterMarkStore marks() {
		return this.records;
	}

	private JdbcTransactionalIdempotencyStore store(Duration budget, int isolation) {
		DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
		definition.setIsolationLevel(isolation);
		return new JdbcTransactionalIdempotencyStore(TestDatabase.store(this.pool, budget), this.pool, this.manager,
				definition);
	}

	private JdbcTransactionalIdempotencyStore store() {
		return store(JdbcStoreContract.BUDGET, TransactionDefinition.ISOLATION_DEFAULT);
	}

	private TransactionalMark advance(StreamKey stream, long position) {
		TransactionalMark mark = store().begin(stream, position);
		this.begun.set(mark);
		assertThat(mark.isAdvanced()).isTrue();
		write(stream, position);
		return mark;
	}

	private void write(StreamKey stream, long position) {
		this.sql.update("INSERT INTO effect VALUES (?, ?)", stream.digest(), position);
	}

	private boolean isAbove(StreamKey stream, long position) {
		TransactionalMark mark = store().begin(stream, position);
		if (mark.isAdvanced()) {
			mark.rollBack();
		}
		return mark.isAdvanced();
	}

	private int effects(StreamKey stream) {
		Integer count = this.sql.queryForObject("SELECT count(*) FROM effect WHERE stream = ?", Integer.class,
				stream.digest());
		return (count != null) ? count : -1;
	}

	@Test
	void positionAndReplayCostTwoStatementsEach() {
		CountingDataSource counting = new CountingDataSource(this.pool);
		JdbcIdempotencyStore counted = new JdbcIdempotencyStore(counting,
				new JdbcSettings(JdbcStoreContract.BUDGET, Duration.ZERO, 1, false), (count) -> {
				});
		StreamKey stream = stream();
		counted.advance(stream, counted.read(stream), 5);
		assertThat(counting.statements()).isEqualTo(2);
		counted.advance(stream, counted.read(stream), 6);
		assertThat(counting.statements()).isEqualTo(4);
		counted.read(stream);
		assertThat(counting.statements()).as("with a replay").isEqualTo(5);
		JdbcTransactionalIdempotencyStore within = new JdbcTransactionalIdempotencyStore(counted, counting,
				new JdbcTransactionManager(counting), new DefaultTransactionDefinition());
		within.begin(stream, 7).commit();
		assertThat(counting.statements()).as("in its transaction").isEqualTo(6);
		assertThat(within.begin(stream, 7).isAdvanced()).isFalse();
		assertThat(counting.statements()).as("replay in its transaction").isEqualTo(8);
	}

	@Test
	void thereIsOneRowForEachStream() {
		StreamKey stream = stream();
		this.records.advance(stream, OptionalLong.empty(), 0);
		for (int i = 0; i < 100; i++) {
			this.records.advance(stream, OptionalLong.of(i), i + 1);
		}
		assertThat(this.sql.queryForObject("SELECT count(*) FROM idempotency_mark WHERE stream_key = ?", Integer.class,
				stream.digest()))
			.isEqualTo(1);
	}

	@Test
	void missingTableOfMarksHurtsNobodyElse() {
		this.sql.execute("ALTER TABLE idempotency_mark RENAME TO elsewhere");
		try {
			Claim claim = Claims.fresh();
			this.records.claim(claim);
			assertThat(this.records.release(claim)).isTrue();
			assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> this.records.read(stream()))
				.withMessageContaining("schema-");
			assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> store().begin(stream(), 1))
				.withMessageContaining("schema-");
		}
		finally {
			this.sql.execute("ALTER TABLE elsewhere RENAME TO idempotency_mark");
		}
	}

	@Test
	void markAndWritesAreCommittedTogether() {
		StreamKey stream = stream();
		TransactionalMark mark = advance(stream, 5);
		mark.flush();
		mark.commit();
		assertThat(effects(stream)).isEqualTo(1);
		assertThat(this.records.read(stream)).hasValue(5);
		assertThat(isAbove(stream, 5)).isFalse();
		assertThat(isAbove(stream, 4)).isFalse();
		assertThat(isAbove(stream, 6)).isTrue();
	}

	@Test
	void rollbackTakesTheMarkBack() {
		StreamKey stream = stream();
		advance(stream, 5).rollBack();
		assertThat(this.records.read(stream)).isEmpty();
		advance(stream, 5).commit();
		advance(stream, 9).rollBack();
		assertThat(this.records.read(stream)).hasValue(5);
		assertThat(effects(stream)).isEqualTo(1);
	}

	@Test
	void commitThatFailsIsNone() {
		StreamKey stream = stream();
		TransactionalMark mark = advance(stream, 5);
		new TransactionTemplate(this.manager).executeWithoutResult((status) -> status.setRollbackOnly());
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(mark::commit);
		assertThat(this.records.read(stream)).isEmpty();
		assertThat(effects(stream)).isZero();
	}

	@Test
	void transactionThatIsJoinedDecides() {
		for (boolean commits : new boolean[] { true, false }) {
			StreamKey stream = stream();
			new TransactionTemplate(this.manager).executeWithoutResult((status) -> {
				for (int position = 1; position <= 3; position++) {
					advance(stream, position).commit();
					assertThat(isReplay(stream, position)).isTrue();
				}
				if (!commits) {
					status.setRollbackOnly();
				}
			});
			assertThat(effects(stream)).isEqualTo(commits ? 3 : 0);
			assertThat(this.records.read(stream)).isEqualTo(commits ? OptionalLong.of(3) : OptionalLong.empty());
		}
	}

	private boolean isReplay(StreamKey stream, long position) {
		return !store().begin(stream, position).isAdvanced();
	}

	@Test
	void transactionThatIsJoinedCannotBeCommittedAfterAFailure() {
		StreamKey stream = stream();
		assertThatExceptionOfType(UnexpectedRollbackException.class)
			.isThrownBy(() -> new TransactionTemplate(this.manager)
				.executeWithoutResult((status) -> advance(stream, 5).rollBack()));
		assertThat(this.records.read(stream)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void samePositionElsewhereWaitsAndNeverCommitsToo(boolean commits) throws Exception {
		for (boolean first : new boolean[] { true, false }) {
			StreamKey stream = stream();
			if (!first) {
				advance(stream, 1).commit();
			}
			TransactionalMark mark = advance(stream, 5);
			CountDownLatch begins = new CountDownLatch(1);
			CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> {
				begins.countDown();
				TransactionalMark second = store().begin(stream, 5);
				if (second.isAdvanced()) {
					write(stream, 5);
					second.commit();
				}
				return second.isAdvanced();
			});
			begins.await();
			TransactionalStoreContract.pause(150);
			assertThat(other).isNotDone();
			if (commits) {
				mark.commit();
			}
			else {
				mark.rollBack();
			}
			assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(!commits);
			assertThat(this.sql.queryForObject("SELECT count(*) FROM effect WHERE stream = ? AND place = 5",
					Integer.class, stream.digest()))
				.isEqualTo(1);
			assertThat(this.records.read(stream)).hasValue(5);
		}
	}

	@Test
	void replayIsToldWhileATransactionRunsWhereTheDatabaseCan() throws Exception {
		StreamKey stream = stream();
		advance(stream, 5).commit();
		TransactionalMark mark = advance(stream, 6);
		CompletableFuture<Boolean> replay = CompletableFuture.supplyAsync(() -> isReplay(stream, 5));
		if (locksRowsThatStay()) {
			TransactionalStoreContract.pause(150);
			assertThat(replay).isNotDone();
		}
		else {
			assertThat(replay.get(30, TimeUnit.SECONDS)).isTrue();
		}
		mark.commit();
		assertThat(replay.get(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void transactionThatLastsLongerThanTheBudgetIsAFailureAndNothingStands() throws Exception {
		StreamKey stream = stream();
		advance(stream, 1).commit();
		TransactionalMark mark = advance(stream, 5);
		JdbcTransactionalIdempotencyStore hasty = store(Duration.ofSeconds(1), TransactionDefinition.ISOLATION_DEFAULT);
		CompletableFuture<Object> other = CompletableFuture.supplyAsync(() -> {
			try {
				return hasty.begin(stream, 5);
			}
			catch (IdempotencyStoreException ex) {
				return ex;
			}
		});
		assertThat(other.get(60, TimeUnit.SECONDS)).isInstanceOf(IdempotencyStoreException.class);
		mark.commit();
		assertThat(this.records.read(stream)).hasValue(5);
		assertThat(effects(stream)).isEqualTo(2);
	}

	@Test
	void viewThatIsOlderThanTheMarkDoesNotHideIt() throws Exception {
		StreamKey stream = stream();
		advance(stream, 1).commit();
		TransactionTemplate old = new TransactionTemplate(this.manager);
		old.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		Boolean advanced = old.execute((status) -> {
			effects(stream);
			CompletableFuture.runAsync(() -> advance(stream, 5).commit()).join();
			try {
				return store().begin(stream, 5).isAdvanced();
			}
			catch (IdempotencyStoreException ex) {
				// the database refuses, so nothing is skipped and nothing done
				status.setRollbackOnly();
				return false;
			}
		});
		assertThat(advanced).isFalse();
		assertThat(effects(stream)).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { TransactionDefinition.ISOLATION_READ_COMMITTED,
			TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE })
	void eachPositionTakesEffectOnceAtEveryIsolationLevel(int isolation) throws Exception {
		JdbcTransactionalIdempotencyStore store = store(JdbcStoreContract.BUDGET, isolation);
		StreamKey stream = stream();
		int positions = 60;
		AtomicInteger failures = new AtomicInteger();
		JdbcStoreContract.inParallel(4, (number) -> {
			for (int position = 0; position < positions; position++) {
				while (!isDone(store, stream, position)) {
					failures.incrementAndGet();
				}
			}
			return null;
		});
		assertThat(this.records.read(stream)).hasValue(positions - 1);
		assertThat(effects(stream)).isEqualTo(positions);
		assertThat(this.sql.queryForObject("SELECT count(DISTINCT place) FROM effect WHERE stream = ?", Integer.class,
				stream.digest()))
			.isEqualTo(positions);
	}

	private boolean isDone(JdbcTransactionalIdempotencyStore store, StreamKey stream, long position) {
		try {
			TransactionalMark mark = store.begin(stream, position);
			if (mark.isAdvanced()) {
				try {
					write(stream, position);
				}
				catch (RuntimeException ex) {
					mark.rollBack();
					return false;
				}
				mark.commit();
			}
			return true;
		}
		catch (IdempotencyStoreException ex) {
			return false;
		}
	}

}
