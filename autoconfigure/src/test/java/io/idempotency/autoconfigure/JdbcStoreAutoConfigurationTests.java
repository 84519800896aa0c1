package io.idempotency.autoconfigure;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.idempotency.Idempotent;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.jdbc.JdbcIdempotencyStore;
import io.idempotency.testsupport.Claims;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** When there is a store in the application's database, a table, and a purge. */
class JdbcStoreAutoConfigurationTests {

	private static final AutoConfigurations ALL = AutoConfigurations.of(AopAutoConfiguration.class,
			DataSourceAutoConfiguration.class, DataRedisAutoConfiguration.class,
			RedisIdempotencyStoreAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class,
			JdbcIdempotencyStoreAutoConfiguration.class, IdempotencyAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(ALL)
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	private final ApplicationContextRunner using = this.runner.withPropertyValues("idempotency.store=jdbc")
		.withBean(Charging.class);

	@Test
	void methodRunsOnceAndNothingOfRedisIsNeeded() {
		this.using.withClassLoader(new FilteredClassLoader(RedisClient.class, RedisConnectionFactory.class))
			.run((context) -> {
				assertThat(context.getBean(IdempotencyEngine.class).storeNames()).containsExactlyInAnyOrder("jdbc",
						"memory");
				Charging charging = context.getBean(Charging.class);
				assertThat(charging.charge("a")).isEqualTo(1);
				assertThat(charging.charge("a")).isEqualTo(1);
				assertThat(charging.charge("A")).isEqualTo(2);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "ABC", "abc", "abc ", " abc", "abc\u00a0", "\ud83d\ude00", "\ud83d\ude01", "ab\u00e7" })
	void keysThatACollationWouldTakeForOneAreDifferent(String key) {
		this.using.run((context) -> {
			Charging charging = context.getBean(Charging.class);
			int first = charging.charge(key);
			assertThat(charging.charge(key)).isEqualTo(first);
			for (String other : new String[] { "aBC", "abC", "abc  ", "\ud83d\ude02", "abc\t" }) {
				assertThat(charging.charge(other)).isNotEqualTo(first);
			}
		});
	}

	@Test
	void whoKeepsRecordsElsewhereGetsNoTableAndNoPurge() {
		this.runner.withPropertyValues("idempotency.store=memory").run((context) -> {
			assertThat(context).hasSingleBean(JdbcIdempotencyStore.class)
				.doesNotHaveBean(IdempotencySchemaInitializer.class);
			assertThat(hasTable(context)).isFalse();
			await().until(() -> purgeThreads() == 0);
		});
	}

	@Test
	void tableMayBeAskedForWithoutTheStore() {
		this.runner.withPropertyValues("idempotency.store=memory", "idempotency.jdbc.initialize-schema=always")
			.run((context) -> assertThat(hasTable(context)).isTrue());
	}

	@Test
	void tableMayBeLeftToTheApplication() {
		this.using.withPropertyValues("idempotency.jdbc.initialize-schema=never").run((context) -> {
			assertThat(hasTable(context)).isFalse();
			assertThatExceptionOfType(StoreUnavailableException.class)
				.isThrownBy(() -> context.getBean(Charging.class).charge("a"))
				.havingCause()
				.withMessageContaining("idempotency.jdbc.initialize-schema");
		});
	}

	@Test
	void storeNeedsOneDataSource() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JdbcIdempotencyStoreAutoConfiguration.class,
					IdempotencyAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JdbcIdempotencyStore.class));
		this.runner.withBean("one", DataSource.class, () -> new ProductDataSource("H2"))
			.withBean("two", DataSource.class, () -> new ProductDataSource("H2"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JdbcIdempotencyStore.class));
	}

	@Test
	void storeWorksWithoutSpringBootsInitialization() {
		this.using.withClassLoader(new FilteredClassLoader(DataSourceScriptDatabaseInitializer.class))
			.withBean(DataSource.class, () -> new ProductDataSource("H2"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JdbcIdempotencyStore.class)
				.doesNotHaveBean(IdempotencySchemaInitializer.class));
	}

	@Test
	void disabledIsReallyOff() {
		this.using.withPropertyValues("idempotency.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(JdbcIdempotencyStore.class)
				.doesNotHaveBean(IdempotencySchemaInitializer.class));
	}

	@Test
	void unknownDatabaseFailsTheStartAndSaysHowToContribute() {
		this.using.withBean(DataSource.class, () -> new ProductDataSource("Apache Derby")).run((context) -> {
			FailureAnalysis analysis = new InvalidIdempotencyConfigurationFailureAnalyzer()
				.analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).contains("'Apache Derby'", "PostgreSQL, MySQL, MariaDB and H2");
			assertThat(analysis.getAction()).contains("contribute a dialect", "contract");
		});
	}

	@Test
	void unknownDatabaseOfAStoreThatIsNotTheDefaultIsRefusedWhenItIsUsed() {
		this.runner.withPropertyValues("idempotency.store=memory")
			.withBean(DataSource.class, () -> new ProductDataSource("Apache Derby"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThatExceptionOfType(IdempotencyStoreException.class)
					.isThrownBy(() -> context.getBean(JdbcIdempotencyStore.class).claim(Claims.fresh()))
					.withMessageContaining("contribute a dialect")
					.matches(IdempotencyStoreException::isAnswered);
			});
	}

	@Test
	void databaseThatIsAwayIsNoFailureOfTheStart() {
		this.using.withBean(DataSource.class, AwayDataSource::new).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatExceptionOfType(StoreUnavailableException.class)
				.isThrownBy(() -> context.getBean(Charging.class).charge("a"));
		});
	}

	@Test
	void expiredRecordsAreRemovedAndCounted() {
		this.using.withPropertyValues("idempotency.jdbc.purge.interval=100ms", "idempotency.jdbc.purge.batch-size=3")
			.run((context) -> {
				JdbcIdempotencyStore store = context.getBean(JdbcIdempotencyStore.class);
				for (int i = 0; i < 10; i++) {
					store.claim(Claims.fresh(Duration.ofMillis(1)));
				}
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				await().atMost(Duration.ofSeconds(10))
					.until(() -> meters.get("idempotency.records.purged").counter().count() >= 10);
				store.stop();
				await().until(() -> purgeThreads() == 0);
			});
	}

	@Test
	void purgeMayBeSwitchedOff() {
		this.using.withPropertyValues("idempotency.jdbc.purge.interval=0").run((context) -> {
			assertThat(context.getBean(Charging.class).charge("a")).isEqualTo(1);
			await().until(() -> purgeThreads() == 0);
		});
	}

	private static long purgeThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("idempotency-purge-"))
			.count();
	}

	@Test
	void limitOfNewKeysIsCountedInTheTable() {
		this.using.withPropertyValues("idempotency.new-keys.limit=2")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "purge.interval=10ms", "purge.interval=-1s", "purge.batch-size=0", "purge.batch-size=10001" })
	void valuesThatCannotWorkFailTheStart(String property) {
		this.using.withPropertyValues("idempotency.jdbc." + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidIdempotencyConfigurationException.class)
				.hasMessageContaining("idempotency.jdbc.purge."));
	}

	private static boolean hasTable(ApplicationContext context) {
		Integer tables = new JdbcTemplate(context.getBean(DataSource.class)).queryForObject(
				"SELECT count(*) FROM information_schema.tables WHERE upper(table_name) = 'IDEMPOTENCY_RECORD'",
				Integer.class);
		return tables != null && tables > 0;
	}

	public static class Charging {

		private final AtomicInteger charges = new AtomicInteger();

		@Idempotent(operation = "charge", key = "#account")
		public int charge(String account) {
			return this.charges.incrementAndGet();
		}

	}

	/** A database that says what it is, and knows nothing else. */
	private static final class ProductDataSource extends AbstractDataSource {

		private final String product;

		ProductDataSource(String product) {
			this.product = product;
		}

		@Override
		public Connection getConnection() {
			DatabaseMetaData metadata = proxy(DatabaseMetaData.class, this.product);
			return proxy(Connection.class, metadata);
		}

		@Override
		public Connection getConnection(String user, String password) {
			return getConnection();
		}

		private static <T> T proxy(Class<T> type, Object answer) {
			return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> {
						if (method.getReturnType().isInstance(answer)
								&& method.getName().matches("getMetaData|getDatabaseProductName")) {
							return answer;
						}
						if (method.getReturnType() == boolean.class) {
							return false;
						}
						return (method.getReturnType() == int.class) ? 0 : null;
					}));
		}

	}

	private static final class AwayDataSource extends AbstractDataSource {

		@Override
		public Connection getConnection() throws SQLException {
			throw new SQLNonTransientConnectionException("Connection refused", "08001");
		}

		@Override
		public Connection getConnection(String user, String password) throws SQLException {
			return getConnection();
		}

	}

}
