package io.idempotency.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.TransactionalClaim;
import io.idempotency.testsupport.Claims;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** PostgreSQL. */
class PostgresTransactionalStoreIT extends TransactionalStoreContract {

	@Override
	TestDatabase startDatabase() {
		return new PostgresDatabase();
	}

	@Override
	String lockTimeoutQuery() {
		return "SHOW lock_timeout";
	}

	@Test
	void constraintThatIsCheckedAtTheCommitIsNoCommit() {
		this.sql.execute("CREATE TABLE deferred (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
		this.sql.update("INSERT INTO deferred VALUES (1)");
		Claim claim = Claims.fresh();
		TransactionalClaim begun = this.store.begin(claim);
		this.sql.update("INSERT INTO deferred VALUES (1)");
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> begun.commit(RESULT, MINUTE))
			.withMessageContaining("rolled back")
			.withMessageContaining("deferred_id_key")
			.matches(IdempotencyStoreException::isAnswered);
		assertThat(this.sql.queryForObject("SELECT count(*) FROM deferred", Integer.class)).isEqualTo(1);
		assertFree(claim);
	}

	@Test
	void statementThatFailedAndWasIgnoredIsNoCommit() {
		Claim claim = Claims.fresh();
		TransactionalClaim begun = this.store.begin(claim);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.sql.execute("SELECT 1 / 0"));
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> begun.commit(RESULT, MINUTE));
		assertFree(claim);
	}

	@Test
	void connectionThatBreaksAtTheCommitLeavesAllOrNothing() {
		HikariDataSource own = this.database.pool(1, JdbcStoreContract.settings());
		JdbcTransactionalIdempotencyStore breaking = store(own, new JdbcTransactionManager(own));
		JdbcTemplate within = new JdbcTemplate(own);
		Claim claim = Claims.fresh();
		TransactionalClaim begun = breaking.begin(claim);
		within.update("INSERT INTO effect VALUES (?)", claim.key().digest());
		Integer backend = within.queryForObject("SELECT pg_backend_pid()", Integer.class);
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void beforeCompletion() {
				PostgresTransactionalStoreIT.this.sql.queryForObject("SELECT pg_terminate_backend(?)", Boolean.class,
						backend);
				pause(200);
			}

		});
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> begun.commit(RESULT, MINUTE))
			.matches(IdempotencyStoreException::isUndecided);
		assertThat(this.sql.queryForObject("SELECT count(*) FROM effect WHERE record_key = ?", Integer.class,
				claim.key().digest()))
			.isZero();
		assertFree(claim);
	}

	@Test
	void processThatDiesTakesItsClaimAlong() {
		HikariDataSource own = this.database.pool(1, JdbcStoreContract.settings());
		Claim claim = Claims.fresh();
		TransactionalClaim begun = store(own, new JdbcTransactionManager(own)).begin(claim);
		Integer backend = new JdbcTemplate(own).queryForObject("SELECT pg_backend_pid()", Integer.class);
		this.sql.queryForObject("SELECT pg_terminate_backend(?)", Boolean.class, backend);
		pause(200);
		begun.rollBack();
		assertFree(claim);
	}

	private void assertFree(Claim claim) {
		TransactionalClaim next = this.store.begin(Claims.again(claim));
		assertThat(next.outcome()).isInstanceOf(ClaimOutcome.Acquired.class);
		next.rollBack();
	}

}
