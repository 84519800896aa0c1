package io.idempotency.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreAwayException;
import io.idempotency.testsupport.Claims;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Pools that never hand out a connection, and what is done when they do after all. */
class HangingDatabaseTests {

	private static final Duration BUDGET = Duration.ofMillis(500);

	private static final int CALLERS = 40;

	@Test
	void callersComeBackWithinTheBudgetAndNothingIsSentAfterwards() throws Exception {
		try (H2Database database = new H2Database()) {
			database.withTable();
			HangingDataSource hanging = new HangingDataSource(database.pool());
			JdbcIdempotencyStore store = new JdbcIdempotencyStore(hanging,
					new JdbcSettings(BUDGET, Duration.ZERO, 500, false), (count) -> {
					});
			ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
			List<Future<Duration>> calls = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				calls.add(callers.submit(() -> {
					long startedAt = System.nanoTime();
					assertThatExceptionOfType(StoreAwayException.class).isThrownBy(() -> store.claim(Claims.fresh()))
						.matches((ex) -> !ex.isAnswered());
					return Duration.ofNanos(System.nanoTime() - startedAt);
				}));
			}
			for (Future<Duration> call : calls) {
				assertThat(call.get(10, TimeUnit.SECONDS)).isLessThan(BUDGET.multipliedBy(2));
			}
			callers.shutdown();
			assertThat(hanging.asked.get()).isBetween(1, 16);
			hanging.open.countDown();
			await().until(() -> hanging.handedOut.get() == hanging.asked.get());
			await().until(() -> database.pools()
				.stream()
				.allMatch((pool) -> pool.getHikariPoolMXBean().getActiveConnections() == 0));
			assertThat(TestDatabase.sql(database.pool())
				.queryForObject("SELECT count(*) FROM idempotency_record", Long.class)).isZero();
			assertThat(store.release(Claims.fresh())).isFalse();
		}
	}

	@Test
	void poolThatFailsIsAway() {
		DataSource broken = new DelegatingDataSource(new H2Database().pool()) {

			@Override
			public Connection getConnection() {
				throw new IllegalStateException("closed");
			}

		};
		JdbcIdempotencyStore store = new JdbcIdempotencyStore(broken, new JdbcSettings(BUDGET), (count) -> {
		});
		store.start();
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> store.claim(Claims.fresh()))
			.isInstanceOf(StoreAwayException.class)
			.withMessageContaining("closed");
		store.stop();
	}

	/** Takes no notice of interrupts. */
	private static final class HangingDataSource extends DelegatingDataSource {

		private final CountDownLatch open = new CountDownLatch(1);

		private final AtomicInteger asked = new AtomicInteger();

		private final AtomicInteger handedOut = new AtomicInteger();

		HangingDataSource(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		public Connection getConnection() throws SQLException {
			this.asked.incrementAndGet();
			boolean interrupted = false;
			while (this.open.getCount() > 0) {
				try {
					this.open.await();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
			Connection connection = super.getConnection();
			this.handedOut.incrementAndGet();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
			return connection;
		}

	}

}
