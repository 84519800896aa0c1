package io.idempotency.store.jdbc;

import java.time.Duration;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.TransactionalClaim;
import io.idempotency.testsupport.Claims;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** DataSources and transaction managers that are not the usual ones. */
class OddTransactionsTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final StoredResult RESULT = StoredResult.of("done".getBytes());

	private final TestDatabase database = new H2Database().withTable();

	private HikariDataSource pool;

	private JdbcIdempotencyStore records;

	@BeforeEach
	void open() throws Exception {
		this.pool = this.database.pool();
		this.records = TestDatabase.store(this.pool, Duration.ofSeconds(5));
	}

	@AfterEach
	void nothingIsLeftBehind() {
		assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(this.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
		this.database.close();
	}

	private JdbcTransactionalIdempotencyStore store(DataSource dataSource, PlatformTransactionManager manager) {
		return new JdbcTransactionalIdempotencyStore(this.records, dataSource, manager,
				new DefaultTransactionDefinition());
	}

	private void assertWorks(DataSource dataSource, PlatformTransactionManager manager) {
		JdbcTransactionalIdempotencyStore store = store(dataSource, manager);
		Claim claim = Claims.fresh();
		TransactionalClaim begun = store.begin(claim);
		assertThat(begun.outcome()).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(count()).isZero();
		begun.commit(RESULT, MINUTE);
		assertThat(store.begin(Claims.again(claim)).outcome()).isInstanceOf(ClaimOutcome.Completed.class);
		store.begin(Claims.fresh()).rollBack();
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			store.begin(Claims.fresh()).commit(RESULT, MINUTE);
			assertThat(count()).isEqualTo(1);
		});
		assertThat(count()).isEqualTo(2);
	}

	/** How many records others see. */
	private int count() {
		try {
			Integer count = JdbcStoreContract
				.inParallel(1,
						(number) -> new JdbcTemplate(this.pool)
							.queryForObject("SELECT count(*) FROM idempotency_record", Integer.class))
				.get(0);
			return (count != null) ? count : -1;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void dataSourceThatKnowsOfTransactionsIsTheOneBehindIt() {
		DataSource proxy = new TransactionAwareDataSourceProxy(this.pool);
		assertWorks(proxy, new JdbcTransactionManager(proxy));
	}

	@Test
	void dataSourceThatConnectsLateWorks() {
		DataSource proxy = new LazyConnectionDataSourceProxy(this.pool);
		assertWorks(proxy, new JdbcTransactionManager(proxy));
	}

	@Test
	void managerWithoutSynchronizationWorks() {
		JdbcTransactionManager manager = new JdbcTransactionManager(this.pool);
		manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
		assertWorks(this.pool, manager);
	}

	@Test
	void managersOfOneDataSourceJoinEachOther() {
		JdbcTransactionalIdempotencyStore store = store(this.pool, new DataSourceTransactionManager(this.pool));
		new TransactionTemplate(new JdbcTransactionManager(this.pool)).executeWithoutResult((status) -> {
			store.begin(Claims.fresh()).commit(RESULT, MINUTE);
			assertThat(count()).isZero();
		});
		assertThat(count()).isEqualTo(1);
	}

	@Test
	void connectionThatATransactionOfAnotherDatabaseUsesIsNoneToJoin() {
		JdbcTransactionalIdempotencyStore store = store(this.pool, new JdbcTransactionManager(this.pool));
		TestDatabase other = new H2Database();
		try (HikariDataSource elsewhere = other.pool()) {
			new TransactionTemplate(new JdbcTransactionManager(elsewhere)).executeWithoutResult((status) -> {
				// from now on it is bound to the thread, without a transaction of its own
				new JdbcTemplate(this.pool).queryForObject("SELECT 1", Integer.class);
				assertThatIllegalStateException().isThrownBy(() -> store.begin(Claims.fresh()))
					.withMessageContaining("@IdempotencyDatabase");
				assertThat(status.isRollbackOnly()).isFalse();
			});
		}
		finally {
			other.close();
		}
	}

	@Test
	void managerThatForgivesParticipantsDoesNotCommitHalfACall() {
		JdbcTransactionManager manager = new JdbcTransactionManager(this.pool);
		manager.setGlobalRollbackOnParticipationFailure(false);
		JdbcTransactionalIdempotencyStore store = store(this.pool, manager);
		assertThatExceptionOfType(UnexpectedRollbackException.class).isThrownBy(() -> new TransactionTemplate(manager)
			.executeWithoutResult((status) -> store.begin(Claims.fresh()).rollBack()));
		assertThat(count()).isZero();
	}

}
