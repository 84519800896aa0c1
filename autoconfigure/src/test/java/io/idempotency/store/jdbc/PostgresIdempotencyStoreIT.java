package io.idempotency.store.jdbc;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** PostgreSQL. */
class PostgresIdempotencyStoreIT extends ServerStoreContract {

	@Override
	TestDatabase startDatabase() {
		return new PostgresDatabase();
	}

	@Override
	String farTimeZone() {
		return "SET TIME ZONE 'Pacific/Auckland'";
	}

	@Test
	void tableThatIsLockedLeavesNothingWaitingInTheServer() throws Exception {
		Duration second = Duration.ofSeconds(1);
		JdbcIdempotencyStore store = TestDatabase.store(this.database.pool(8, new Properties()), second);
		Claim claim = claim(key(), Duration.ofMinutes(1));
		try (Connection locking = this.pool.getConnection(); Statement statement = locking.createStatement()) {
			locking.setAutoCommit(false);
			statement.execute("LOCK TABLE idempotency_record IN ACCESS EXCLUSIVE MODE");
			inParallel(8, (number) -> {
				long startedAt = System.nanoTime();
				assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> store.claim(claim));
				assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(second.multipliedBy(2));
				return null;
			});
			await().atMost(Duration.ofSeconds(5)).until(() -> waiting() == 0);
			locking.rollback();
			locking.setAutoCommit(true);
		}
		assertThat(store.release(claim)).isFalse();
		assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	private long waiting() {
		Long waiting = TestDatabase.sql(this.pool)
			.queryForObject("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'", Long.class);
		return (waiting != null) ? waiting : 0;
	}

}
