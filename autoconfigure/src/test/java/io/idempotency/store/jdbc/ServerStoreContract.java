package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.Properties;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreAwayException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The contract on a database that is a process of its own, and may hang. */
abstract class ServerStoreContract extends JdbcStoreContract {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void frozenServerIsAFailureWithinTheBudgetAndIsUsedAgain() throws Exception {
		HikariDataSource pool = this.database.pool(4, new Properties());
		JdbcIdempotencyStore store = TestDatabase.store(pool, SECOND);
		Claim claim = claim(key(), Duration.ofMinutes(1));
		store.claim(claim);
		this.database.freeze();
		try {
			long startedAt = System.nanoTime();
			assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> store.renew(claim))
				.isNotInstanceOf(StoreAwayException.class)
				.withMessageContaining("did not answer within 1000 ms")
				.matches((ex) -> !ex.isAnswered());
			assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isBetween(Duration.ofMillis(800), SECOND);
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> store.renew(claim))
				.withMessageContaining("Interrupted");
			assertThat(Thread.interrupted()).isTrue();
			inParallel(32, (number) -> {
				long from = System.nanoTime();
				assertThatExceptionOfType(IdempotencyStoreException.class)
					.isThrownBy(() -> store.claim(claim(key(), Duration.ofMinutes(1))));
				assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(SECOND.multipliedBy(3).dividedBy(2));
				return null;
			});
		}
		finally {
			this.database.thaw();
		}
		await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> store.renew(claim));
		await().atMost(Duration.ofSeconds(20)).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
	}

	@Test
	void renewalIsToldFromALostLeaseWhereOnlyChangedRowsAreCounted() {
		HikariDataSource changed = this.database.pool(1, settings("dataSource.useAffectedRows", "true"));
		JdbcIdempotencyStore store = TestDatabase.store(changed, BUDGET);
		Claim claim = held(key(), Duration.ofMinutes(1), Duration.ofMinutes(1));
		assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		for (int i = 0; i < 300; i++) {
			assertThat(store.renew(claim)).isTrue();
		}
		assertThat(store.abandon(claim)).isTrue();
		assertThat(store.renew(claim)).isFalse();
		assertThat(store.complete(claim, result("done"), Duration.ofMinutes(1))).isTrue();
		assertThat(store.complete(claim, result("done"), Duration.ofMinutes(1))).isTrue();
	}

	@Test
	void clockOfTheSessionsTimeZoneDoesNotMatter() {
		HikariDataSource far = this.database.pool(1, settings("connectionInitSql", farTimeZone()));
		JdbcIdempotencyStore store = TestDatabase.store(far, BUDGET);
		Claim claim = claim(key(), Duration.ofMinutes(1));
		assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(store().claim(claim(claim.key(), Duration.ofMinutes(1)))).isInstanceOf(ClaimOutcome.Pending.class);
		Claim near = claim(key(), Duration.ofMinutes(1));
		store().claim(near);
		assertThat(store.claim(claim(near.key(), Duration.ofMinutes(1)))).isInstanceOf(ClaimOutcome.Pending.class);
	}

	/** Lets a session's clock show another time. */
	String farTimeZone() {
		return "SET time_zone = '+13:00'";
	}

}
