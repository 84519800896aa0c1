package io.idempotency.autoconfigure;

import java.util.UUID;

import javax.sql.DataSource;

import io.idempotency.IdempotencyDatabase;
import io.idempotency.Idempotent;
import io.idempotency.store.jdbc.JdbcIdempotencyStore;
import io.idempotency.store.jdbc.JdbcTransactionalIdempotencyStore;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Applications with two databases, of which one has the records. */
class TransactionalStoreDatabasesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(TransactionalStoreAutoConfigurationTests.ALL)
		.withPropertyValues("idempotency.store=memory");

	private final ApplicationContextRunner using = this.runner
		.withPropertyValues("idempotency.store=jdbc-transactional", "idempotency.jdbc.initialize-schema=always")
		.withBean(Charging.class);

	@Test
	void whoDoesNotUseTheStoreNeedNotChoose() {
		this.runner.withUserConfiguration(Unmarked.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JdbcIdempotencyStore.class)
				.doesNotHaveBean(JdbcTransactionalIdempotencyStore.class));
	}

	@Test
	void recordsAndWritesAreInTheDatabaseThatIsMarked() {
		this.using.withUserConfiguration(Marked.class).run((context) -> {
			JdbcTemplate orders = new JdbcTemplate(context.getBean("orders", DataSource.class));
			JdbcTemplate payments = new JdbcTemplate(context.getBean("payments", DataSource.class));
			payments.execute("CREATE TABLE charge (account varchar(64))");
			orders.execute("CREATE TABLE charge (account varchar(64))");
			Charging charging = context.getBean(Charging.class);
			int first = charging.charge("a", false);
			assertThat(charging.charge("a", false)).isEqualTo(first);
			assertThatIllegalStateException().isThrownBy(() -> charging.charge("b", true));
			assertThat(count(payments, "charge")).isEqualTo(1);
			assertThat(count(payments, "idempotency_record")).isEqualTo(1);
			assertThat(count(orders, "charge")).isZero();
			assertThat(orders.queryForObject(
					"SELECT count(*) FROM information_schema.tables WHERE upper(table_name) = 'IDEMPOTENCY_RECORD'",
					Integer.class))
				.isZero();
		});
	}

	@Test
	void callWithinATransactionOfTheOtherDatabaseIsRefused() {
		this.using.withUserConfiguration(Marked.class).run((context) -> {
			JdbcTemplate payments = new JdbcTemplate(context.getBean("payments", DataSource.class));
			payments.execute("CREATE TABLE charge (account varchar(64))");
			TransactionTemplate other = new TransactionTemplate(
					context.getBean("ordersTransactions", PlatformTransactionManager.class));
			Charging charging = context.getBean(Charging.class);
			for (boolean touched : new boolean[] { false, true }) {
				other.executeWithoutResult((status) -> {
					if (touched) {
						count(payments, "charge");
					}
					assertThatIllegalStateException().isThrownBy(() -> charging.charge("a", false))
						.withMessageContaining("@IdempotencyDatabase");
				});
			}
			assertNothingIsLeftBehind();
			assertThat(count(payments, "idempotency_record")).isZero();
		});
	}

	@Test
	void dataSourceThatIsMarkedWithoutItsTransactionManagerMakesNoSuchStore() {
		this.runner.withUserConfiguration(HalfMarked.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JdbcIdempotencyStore.class)
				.doesNotHaveBean(JdbcTransactionalIdempotencyStore.class));
	}

	@Test
	void pairThatDoesNotBelongTogetherIsRefusedAtTheFirstCall() {
		this.using.withUserConfiguration(Mixed.class).run((context) -> {
			assertThat(context).hasNotFailed();
			JdbcTemplate payments = new JdbcTemplate(context.getBean("payments", DataSource.class));
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Charging.class).charge("a", false))
				.withMessageContainingAll("JdbcTransactionManager", "@IdempotencyDatabase");
			assertNothingIsLeftBehind();
			TransactionTemplate wrong = new TransactionTemplate(
					context.getBean("ordersTransactions", PlatformTransactionManager.class));
			assertThatIllegalStateException().isThrownBy(
					() -> wrong.executeWithoutResult((status) -> context.getBean(Charging.class).charge("a", false)))
				.withMessageContaining("@IdempotencyDatabase");
			assertNothingIsLeftBehind();
			assertThat(count(payments, "idempotency_record")).isZero();
		});
	}

	private static void assertNothingIsLeftBehind() {
		assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
	}

	private static int count(JdbcTemplate database, String table) {
		Integer count = database.queryForObject("SELECT count(*) FROM " + table, Integer.class);
		return (count != null) ? count : -1;
	}

	private static DataSource database() {
		return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
	}

	@Configuration(proxyBeanMethods = false)
	static class Unmarked {

		@Bean
		DataSource orders() {
			return database();
		}

		@Bean
		DataSource payments() {
			return database();
		}

		@Bean
		PlatformTransactionManager ordersTransactions(@Qualifier("orders") DataSource orders) {
			return new JdbcTransactionManager(orders);
		}

		@Bean
		PlatformTransactionManager paymentsTransactions(@Qualifier("payments") DataSource payments) {
			return new JdbcTransactionManager(payments);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HalfMarked extends Unmarked {

		@Bean
		@IdempotencyDatabase
		@Override
		DataSource payments() {
			return database();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Marked extends HalfMarked {

		@Bean
		@IdempotencyDatabase
		@Override
		PlatformTransactionManager paymentsTransactions(@Qualifier("payments") DataSource payments) {
			return new JdbcTransactionManager(payments);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Mixed extends HalfMarked {

		@Bean
		@IdempotencyDatabase
		@Override
		PlatformTransactionManager ordersTransactions(@Qualifier("orders") DataSource orders) {
			return new JdbcTransactionManager(orders);
		}

	}

	public static class Charging {

		private final JdbcTemplate payments;

		private int charges;

		public Charging(@Qualifier("payments") DataSource payments) {
			this.payments = new JdbcTemplate(payments);
		}

		@Idempotent(operation = "charge", key = "#account")
		public int charge(String account, boolean fails) {
			this.payments.update("INSERT INTO charge VALUES (?)", account);
			if (fails) {
				throw new IllegalStateException("broken");
			}
			return ++this.charges;
		}

	}

}
