package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.RecordKey;
import io.idempotency.store.StoreAwayException;
import io.idempotency.store.TransactionalClaim;
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
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Claims in transactions of the application, on a real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransactionalStoreContract {

	static final Duration MINUTE = Duration.ofMinutes(1);

	static final StoredResult RESULT = StoredResult.of("done".getBytes());

	TestDatabase database;

	HikariDataSource pool;

	JdbcTemplate sql;

	JdbcIdempotencyStore records;

	JdbcTransactionManager manager;

	JdbcTransactionalIdempotencyStore store;

	abstract TestDatabase startDatabase();

	@BeforeAll
	void start() {
		this.database = startDatabase().withTable();
		this.pool = this.database.pool();
		this.sql = new JdbcTemplate(this.pool);
		this.sql.execute("CREATE TABLE effect (record_key varchar(22) NOT NULL)");
		this.records = TestDatabase.store(this.pool, Duration.ofSeconds(5));
		this.manager = new JdbcTransactionManager(this.pool);
		this.store = store(this.pool, this.manager);
	}

	final JdbcTransactionalIdempotencyStore store(HikariDataSource connections, JdbcTransactionManager transactions) {
		return new JdbcTransactionalIdempotencyStore(this.records, connections, transactions,
				new DefaultTransactionDefinition());
	}

	@AfterAll
	void stop() {
		this.database.close();
	}

	@AfterEach
	void nothingIsLeftBehind() {
		assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(this.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
	}

	private TransactionalClaim acquire(Claim claim) {
		TransactionalClaim begun = this.store.begin(claim);
		assertThat(begun.outcome()).isInstanceOf(ClaimOutcome.Acquired.class);
		this.sql.update("INSERT INTO effect VALUES (?)", claim.key().digest());
		return begun;
	}

	private ClaimOutcome look(Claim claim) {
		TransactionalClaim begun = this.store.begin(Claims.again(claim));
		if (begun.outcome() instanceof ClaimOutcome.Acquired) {
			begun.rollBack();
		}
		return begun.outcome();
	}

	/** As another caller sees it, which is in no transaction. */
	private ClaimOutcome lookFromElsewhere(Claim claim) {
		return elsewhere(() -> look(claim));
	}

	private long effects(RecordKey key) {
		Long count = elsewhere(() -> this.sql.queryForObject("SELECT count(*) FROM effect WHERE record_key = ?",
				Long.class, key.digest()));
		return (count != null) ? count : -1;
	}

	private static <T> T elsewhere(Callable<T> work) {
		try {
			return JdbcStoreContract.inParallel(1, (number) -> work.call()).get(0);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void claimWritesAndResultAreCommittedTogether() {
		Claim claim = Claims.fresh();
		TransactionalClaim begun = acquire(claim);
		assertThat(effects(claim.key())).isZero();
		begun.commit(RESULT, MINUTE);
		assertThat(effects(claim.key())).isEqualTo(1);
		assertThat(look(claim)).isInstanceOfSatisfying(ClaimOutcome.Completed.class, (found) -> {
			assertThat(found.fingerprint()).isEqualTo(claim.fingerprint());
			assertThat(found.result().payload()).isEqualTo(RESULT.payload());
		});
		assertThat(this.records.claim(Claims.again(claim))).isInstanceOf(ClaimOutcome.Completed.class);
	}

	@Test
	void resultThatIsNotKeptComesBackAsThat() {
		Claim claim = Claims.fresh();
		acquire(claim).commit(StoredResult.notKept(), MINUTE);
		assertThat(look(claim)).isInstanceOfSatisfying(ClaimOutcome.Completed.class,
				(found) -> assertThat(found.result().isKept()).isFalse());
	}

	@Test
	void whatIsRolledBackLeavesNothing() {
		Claim claim = Claims.fresh();
		acquire(claim).rollBack();
		assertThat(effects(claim.key())).isZero();
		assertThat(look(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void claimOfAnotherTransactionIsToldAtOnceAndNotWaitedFor() {
		Claim claim = Claims.fresh();
		TransactionalClaim begun = acquire(claim);
		long startedAt = System.nanoTime();
		assertThat(lookFromElsewhere(claim)).isInstanceOf(ClaimOutcome.Uncommitted.class);
		assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(longestLook());
		begun.commit(RESULT, MINUTE);
		assertThat(look(claim)).isInstanceOf(ClaimOutcome.Completed.class);
	}

	/** MySQL has no way to ask that does not wait for a second. */
	Duration longestLook() {
		return Duration.ofMillis(800);
	}

	@Test
	void sessionIsAsItWasBefore() {
		String before = lockTimeout();
		Claim claim = Claims.fresh();
		TransactionalClaim begun = acquire(claim);
		assertThat(lockTimeout()).isEqualTo(before);
		lookFromElsewhere(claim);
		begun.commit(RESULT, MINUTE);
		for (int i = 0; i < 10; i++) {
			assertThat(lockTimeout()).isEqualTo(before);
		}
	}

	private String lockTimeout() {
		return this.sql.queryForObject(lockTimeoutQuery(), String.class);
	}

	abstract String lockTimeoutQuery();

	@Test
	void expiredRecordMakesRoomAndStaysUnlocked() {
		Claim former = Claims.fresh(Duration.ofMillis(1));
		this.records.claim(former);
		pause(20);
		TransactionalClaim begun = acquire(Claims.again(former));
		Claim other = Claims.fresh(Duration.ofMillis(1));
		this.records.claim(other);
		pause(20);
		JdbcIdempotencyStore purging = new JdbcIdempotencyStore(this.pool,
				new JdbcSettings(Duration.ofSeconds(5), Duration.ofMillis(10), 100, false), (count) -> {
				});
		long startedAt = System.nanoTime();
		assertThat(purging.purge()).isPositive();
		assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(2));
		begun.commit(RESULT, MINUTE);
		assertThat(look(former)).isInstanceOf(ClaimOutcome.Completed.class);
	}

	@Test
	void expiredRecordMakesRoomInATransactionThatIsJoined() {
		Claim former = Claims.fresh(Duration.ofMillis(1));
		this.records.claim(former);
		pause(20);
		Claim claim = Claims.again(former);
		new TransactionTemplate(this.manager).executeWithoutResult((status) -> acquire(claim).commit(RESULT, MINUTE));
		assertThat(effects(claim.key())).isEqualTo(1);
		assertThat(look(claim)).isInstanceOf(ClaimOutcome.Completed.class);
	}

	@Test
	void transactionMayLastLongerThanItsLease() {
		Claim claim = Claims.fresh(Duration.ofMillis(1));
		TransactionalClaim begun = acquire(claim);
		pause(20);
		begun.commit(RESULT, MINUTE);
		assertThat(look(claim)).isInstanceOf(ClaimOutcome.Completed.class);
		Claim second = Claims.fresh(Duration.ofMillis(1));
		begun = acquire(second);
		pause(20);
		begun.commitReleased();
		assertThat(look(second)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(effects(second.key())).isEqualTo(1);
	}

	static void pause(long millis) {
		long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		while (System.nanoTime() - until < 0) {
			Thread.onSpinWait();
		}
	}

	@Test
	void pendingRecordOfALeaseIsRespected() {
		Claim leased = Claims.fresh();
		this.records.claim(leased);
		assertThat(look(leased)).isEqualTo(new ClaimOutcome.Pending(leased.fingerprint()));
	}

	@Test
	void errorTakesWritesBackAndKeepsTheAnswer() {
		Claim claim = Claims.fresh();
		TransactionalClaim begun = acquire(claim);
		int[] ending = { -1 };
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCompletion(int status) {
				ending[0] = status;
			}

		});
		assertThat(begun.rollBackAndKeep(RESULT, MINUTE)).isTrue();
		assertThat(ending).containsExactly(TransactionSynchronization.STATUS_ROLLED_BACK);
		assertThat(effects(claim.key())).isZero();
		assertThat(look(claim)).isInstanceOf(ClaimOutcome.Completed.class);
	}

	@Test
	void everyLaterOwnerHasALargerFencingNumber() {
		Claim claim = Claims.fresh();
		long last = 0;
		for (int i = 0; i < 10; i++) {
			Claim next = Claims.again(claim);
			TransactionalClaim begun = acquire(next);
			long number = this.store.fencingNumber(next).orElseThrow();
			assertThat(number).isGreaterThan(last);
			assertThat(this.store.fencingNumber(claim)).isEmpty();
			last = number;
			begun.rollBack();
		}
	}

	/** A transaction that began first may be the later owner. */
	@Test
	void fencingNumberIsNotThatOfTheBeginningOfATransaction() {
		Claim first = Claims.fresh();
		Claim second = Claims.again(first);
		TransactionTemplate outer = new TransactionTemplate(this.manager);
		outer.executeWithoutResult((status) -> {
			this.sql.queryForObject("SELECT COUNT(*) FROM effect", Long.class);
			long number = CompletableFuture.supplyAsync(() -> {
				TransactionalClaim begun = this.store.begin(first);
				long asked = this.store.fencingNumber(first).orElseThrow();
				begun.rollBack();
				return asked;
			}).join();
			TransactionalClaim begun = this.store.begin(second);
			assertThat(begun.outcome()).isInstanceOf(ClaimOutcome.Acquired.class);
			assertThat(this.store.fencingNumber(second).orElseThrow()).isGreaterThan(number);
			begun.rollBack();
			status.setRollbackOnly();
		});
	}

	@Test
	void transactionThatIsJoinedDecides() {
		for (boolean commits : new boolean[] { true, false }) {
			Claim claim = Claims.fresh();
			new TransactionTemplate(this.manager).executeWithoutResult((status) -> {
				acquire(claim).commit(RESULT, MINUTE);
				assertThat(lookFromElsewhere(claim)).isInstanceOf(ClaimOutcome.Uncommitted.class);
				assertThat(look(claim)).isInstanceOf(ClaimOutcome.Completed.class);
				if (!commits) {
					status.setRollbackOnly();
				}
			});
			assertThat(effects(claim.key())).isEqualTo(commits ? 1 : 0);
			assertThat(look(claim)).isInstanceOf(commits ? ClaimOutcome.Completed.class : ClaimOutcome.Acquired.class);
		}
	}

	@Test
	void transactionThatIsJoinedCannotBeCommittedAfterAFailure() {
		Claim claim = Claims.fresh();
		assertThatExceptionOfType(UnexpectedRollbackException.class)
			.isThrownBy(() -> new TransactionTemplate(this.manager).executeWithoutResult(
					(status) -> assertThat(acquire(claim).rollBackAndKeep(RESULT, MINUTE)).isFalse()));
		assertThat(effects(claim.key())).isZero();
		assertThat(look(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void transactionsThatCannotHoldAClaimAreRefused() {
		Claim claim = Claims.fresh();
		TransactionTemplate readOnly = new TransactionTemplate(this.manager);
		readOnly.setReadOnly(true);
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> readOnly.executeWithoutResult((status) -> this.store.begin(claim)))
			.withMessageContaining("read-only");
		TransactionTemplate other = new TransactionTemplate(new JdbcTransactionManager(this.database.pool()));
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> other.executeWithoutResult((status) -> this.store.begin(claim)))
			.withMessageContaining("@IdempotencyDatabase");
		JdbcTransactionalIdempotencyStore wrong = store(this.pool, new JdbcTransactionManager(this.database.pool()));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> wrong.begin(claim))
			.withMessageContaining("@IdempotencyDatabase");
		assertThat(look(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void rollbackOnlyIsNoCommit() {
		assertNotCommitted((claim) -> new TransactionTemplate(this.manager)
			.executeWithoutResult((status) -> status.setRollbackOnly()));
	}

	@Test
	void whatFailsBeforeTheCommitIsNoCommit() {
		assertNotCommitted(
				(claim) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						throw new IllegalStateException("Not now");
					}

				}));
	}

	@Test
	void recordThatTheMethodRemovedIsNoCommit() {
		assertNotCommitted((claim) -> this.sql.update("DELETE FROM idempotency_record WHERE record_key = ?",
				claim.key().digest()));
	}

	private void assertNotCommitted(Consumer<Claim> disturbance) {
		Claim claim = Claims.fresh();
		TransactionalClaim begun = acquire(claim);
		disturbance.accept(claim);
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> begun.commit(RESULT, MINUTE));
		assertThat(effects(claim.key())).isZero();
		assertThat(look(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void whatFailsAfterTheCommitChangesNothing() {
		Claim claim = Claims.fresh();
		TransactionalClaim begun = acquire(claim);
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				throw new IllegalStateException("Too late");
			}

		});
		begun.commit(RESULT, MINUTE);
		assertThat(effects(claim.key())).isEqualTo(1);
		assertThat(look(claim)).isInstanceOf(ClaimOutcome.Completed.class);
	}

	@Test
	void poolWithoutAConnectionIsAFailureAndNothingIsSent() throws Exception {
		HikariDataSource small = this.database.pool(1, JdbcStoreContract.settings("connectionTimeout", "250"));
		JdbcTransactionalIdempotencyStore waiting = store(small, new JdbcTransactionManager(small));
		try (var held = small.getConnection()) {
			assertThat(held.isClosed()).isFalse();
			assertThatExceptionOfType(StoreAwayException.class).isThrownBy(() -> waiting.begin(Claims.fresh()));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TRANSACTION_READ_COMMITTED", "TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE" })
	void eachKeyTakesEffectOnceAtEveryIsolationLevel(String isolation) throws Exception {
		try (IsolationMatrix matrix = new IsolationMatrix(this.database, this.records, isolation)) {
			matrix.run();
		}
	}

	@Test
	void firstCallCostsTwoStatementsAndReplayTwo() {
		CountingDataSource counting = new CountingDataSource(this.pool);
		JdbcTransactionalIdempotencyStore counted = new JdbcTransactionalIdempotencyStore(this.records, counting,
				new JdbcTransactionManager(counting), new DefaultTransactionDefinition());
		Claim claim = Claims.fresh();
		counted.begin(claim).commit(RESULT, MINUTE);
		assertThat(counting.statements()).as("claim and completion").isEqualTo(2);
		assertThat(counted.begin(Claims.again(claim)).outcome()).isInstanceOf(ClaimOutcome.Completed.class);
		assertThat(counting.statements()).as("with a replay").isEqualTo(4);
	}

}
