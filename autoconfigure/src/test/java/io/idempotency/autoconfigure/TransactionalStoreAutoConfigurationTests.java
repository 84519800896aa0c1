package io.idempotency.autoconfigure;

import java.sql.Connection;
import java.util.Arrays;

import javax.sql.DataSource;

import io.idempotency.Idempotent;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.store.jdbc.JdbcTransactionalIdempotencyStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/** When there is a store whose records are committed with what methods write. */
class TransactionalStoreAutoConfigurationTests {

	static final AutoConfigurations ALL = AutoConfigurations.of(AopAutoConfiguration.class,
			DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			TransactionAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class,
			JdbcIdempotencyStoreAutoConfiguration.class, JdbcTransactionalIdempotencyStoreAutoConfiguration.class,
			IdempotencyAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(ALL)
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	private final ApplicationContextRunner using = this.runner
		.withPropertyValues("idempotency.store=jdbc-transactional")
		.withBean(Charging.class);

	@Test
	void oneDataSourceAndItsTransactionManagerMakeTheStore() {
		this.using.run((context) -> assertThat(context.getBean(IdempotencyEngine.class).storeNames())
			.containsExactly("jdbc", "jdbc-transactional", "memory"));
	}

	@Test
	void tableIsMadeInADatabaseOfTheApplicationAndMethodRunsOnce() {
		this.using.run((context) -> {
			Charging charging = context.getBean(Charging.class);
			String first = charging.charge("a");
			assertThat(charging.charge("a")).isEqualTo(first);
			assertThat(charging.charge("b")).isNotEqualTo(first);
		});
	}

	@Test
	void storeMayBeThatOfOneMethodOnly() {
		this.runner.withPropertyValues("idempotency.store=memory", "idempotency.jdbc.initialize-schema=always")
			.withBean(Naming.class)
			.run((context) -> {
				Naming naming = context.getBean(Naming.class);
				String first = naming.charge("a");
				assertThat(naming.charge("a")).isEqualTo(first);
				assertThat(new JdbcTemplate(context.getBean(DataSource.class))
					.queryForObject("SELECT count(*) FROM idempotency_record", Integer.class)).isEqualTo(1);
			});
	}

	@Test
	void withoutATransactionManagerThereIsNoStoreAndWhoNamesItIsTold() {
		ApplicationContextRunner bare = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, DataSourceAutoConfiguration.class,
					InMemoryIdempotencyStoreAutoConfiguration.class, JdbcIdempotencyStoreAutoConfiguration.class,
					JdbcTransactionalIdempotencyStoreAutoConfiguration.class, IdempotencyAutoConfiguration.class))
			.withPropertyValues("spring.datasource.generate-unique-name=true", "idempotency.store=memory");
		bare.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(JdbcTransactionalIdempotencyStore.class));
		bare.withBean(Naming.class).run((context) -> assertNoStore(context.getStartupFailure()));
	}

	@Test
	void withSeveralTransactionManagersThereIsNoStoreUnlessOneIsPrimary() {
		DataSource elsewhere = new DriverManagerDataSource("jdbc:h2:mem:elsewhere", "sa", "");
		ApplicationContextRunner one = this.runner.withPropertyValues("idempotency.store=memory")
			.withBean("other", PlatformTransactionManager.class, () -> new JdbcTransactionManager(elsewhere));
		ApplicationContextRunner two = one.withBean("one", PlatformTransactionManager.class,
				() -> new JdbcTransactionManager(elsewhere));
		two.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(JdbcTransactionalIdempotencyStore.class));
		two.withBean(Naming.class).run((context) -> assertNoStore(context.getStartupFailure()));
		one.withBean("one", PlatformTransactionManager.class, () -> new JdbcTransactionManager(elsewhere),
				(definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JdbcTransactionalIdempotencyStore.class));
	}

	private static void assertNoStore(Throwable failure) {
		FailureAnalysis analysis = new InvalidIdempotencyConfigurationFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).contains("there is no store named 'jdbc-transactional'");
		assertThat(analysis.getAction()).contains("for jdbc-transactional its transaction manager");
	}

	@Test
	void nothingOfTransactionsIsNeededForTheStoreJdbc() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, DataSourceAutoConfiguration.class,
					JdbcIdempotencyStoreAutoConfiguration.class,
					JdbcTransactionalIdempotencyStoreAutoConfiguration.class, IdempotencyAutoConfiguration.class))
			.withPropertyValues("spring.datasource.generate-unique-name=true", "idempotency.store=jdbc")
			.withClassLoader(new FilteredClassLoader(PlatformTransactionManager.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("jdbc-transactionalIdempotencyStore"));
	}

	@Test
	void disabledIsReallyOff() {
		this.using.withPropertyValues("idempotency.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JdbcTransactionalIdempotencyStore.class));
	}

	@ParameterizedTest
	@CsvSource({ "read_committed," + Connection.TRANSACTION_READ_COMMITTED,
			"repeatable-read," + Connection.TRANSACTION_REPEATABLE_READ,
			"serializable," + Connection.TRANSACTION_SERIALIZABLE, "default," + Connection.TRANSACTION_READ_COMMITTED })
	void isolationIsThatOfTheTransaction(String value, int level) {
		this.using.withPropertyValues("idempotency.jdbc.isolation=" + value).run((context) -> {
			assertThat(context.getBean(Charging.class).isolation("a")).isEqualTo(level);
			assertThat(isolation(context.getBean(DataSource.class))).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
		});
	}

	private static int isolation(DataSource dataSource) {
		Integer level = new JdbcTemplate(dataSource)
			.execute((ConnectionCallback<Integer>) Connection::getTransactionIsolation);
		return (level != null) ? level : -1;
	}

	@Test
	void limitOfNewKeysIsCountedInTheTable() {
		this.using.withPropertyValues("idempotency.new-keys.limit=2").run((context) -> {
			assertThat(context).hasNotFailed();
			// plain calls have no scope
			for (String key : new String[] { "a", "b", "c", "d" }) {
				assertThat(context.getBean(Charging.class).charge(key)).startsWith(key);
			}
		});
	}

	@Test
	void largeResultIsCompressedAndComesBack() {
		this.using.run((context) -> {
			Charging charging = context.getBean(Charging.class);
			String first = charging.large("a");
			assertThat(charging.large("a")).isEqualTo(first).hasSizeGreaterThan(100_000);
			byte[] stored = new JdbcTemplate(context.getBean(DataSource.class))
				.queryForObject("SELECT result FROM idempotency_record", byte[].class);
			assertThat(stored).hasSizeLessThan(10_000);
		});
	}

	public static class Charging {

		private final DataSource dataSource;

		private int charges;

		public Charging(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		@Idempotent(operation = "charge", key = "#account")
		public String charge(String account) {
			return account + ++this.charges;
		}

		@Idempotent(operation = "isolation", key = "#account")
		public int isolation(String account) {
			return TransactionalStoreAutoConfigurationTests.isolation(this.dataSource);
		}

		@Idempotent(operation = "large", key = "#account")
		public String large(String account) {
			char[] text = new char[120_000];
			Arrays.fill(text, 'x');
			return account + ++this.charges + new String(text);
		}

	}

	public static class Naming {

		private int charges;

		@Idempotent(operation = "charge", key = "#account", store = "jdbc-transactional")
		public String charge(String account) {
			return account + ++this.charges;
		}

	}

}
