package io.idempotency.autoconfigure;

import javax.sql.DataSource;

import io.idempotency.IdempotencyDatabase;
import io.idempotency.Idempotent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/** Which {@code @Transactional} a method may have whose record is in its transaction. */
class TransactionRuleTests {

	private final ApplicationContextRunner leased = new ApplicationContextRunner()
		.withConfiguration(TransactionalStoreAutoConfigurationTests.ALL)
		.withPropertyValues("spring.datasource.generate-unique-name=true", "idempotency.store=memory",
				"bookings.manager=other", "bookings.timeout=7");

	private final ApplicationContextRunner runner = this.leased
		.withPropertyValues("idempotency.store=jdbc-transactional");

	private static ApplicationContextRunner withOther(ApplicationContextRunner runner) {
		DataSource elsewhere = new DriverManagerDataSource("jdbc:h2:mem:elsewhere", "sa", "");
		return runner
			.withBean("transactionManager", PlatformTransactionManager.class,
					() -> new JdbcTransactionManager(elsewhere), (definition) -> definition.setPrimary(true))
			.withBean("other", PlatformTransactionManager.class, () -> new JdbcTransactionManager(elsewhere));
	}

	private static void assertRefused(ApplicationContextRunner runner, Class<?> bean, String... words) {
		runner.withBean(bean).run((context) -> {
			FailureAnalysis analysis = new InvalidIdempotencyConfigurationFailureAnalyzer()
				.analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).contains(bean.getSimpleName(), "its @Transactional")
				.contains("'jdbc-transactional'");
			assertThat(analysis.getAction()).contains(words);
		});
	}

	private static void assertAccepted(ApplicationContextRunner runner, Class<?> bean) {
		runner.withBean(bean).run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(classes = { RequiresNew.class, NotSupported.class, Never.class, OnClass.class })
	void whatLeavesTheTransactionIsRefused(Class<?> bean) {
		assertRefused(this.runner, bean, "Propagation.REQUIRED");
		assertAccepted(this.leased, bean);
	}

	@Test
	void readOnlyIsRefused() {
		assertRefused(this.runner, ReadOnly.class, "readOnly = true");
		assertAccepted(this.leased, ReadOnly.class);
	}

	@ParameterizedTest
	@ValueSource(classes = { Isolated.class, Timed.class, TimedByProperty.class })
	void whatComesTooLateIsRefused(Class<?> bean) {
		assertRefused(this.runner, bean, "idempotency.jdbc.isolation", "spring.transaction.default-timeout");
		assertAccepted(this.leased, bean);
	}

	@ParameterizedTest
	@ValueSource(classes = { Other.class, OtherByProperty.class, OtherByType.class })
	void otherTransactionManagerIsRefused(Class<?> bean) {
		assertRefused(withOther(this.runner), bean, "@IdempotencyDatabase");
		assertAccepted(withOther(this.leased), bean);
	}

	@Test
	void defaultTransactionManagerThatIsAnotherIsRefused() {
		assertRefused(withOther(this.runner).withUserConfiguration(MarksAThird.class), Required.class,
				"@IdempotencyDatabase");
		assertAccepted(withOther(this.runner).withUserConfiguration(MarksAThird.class), Third.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class MarksAThird {

		@Bean
		@IdempotencyDatabase
		PlatformTransactionManager third(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	@ParameterizedTest
	@ValueSource(classes = { Required.class, Mandatory.class, Supports.class, Nested.class, None.class,
			OverridesClass.class, Named.class, QualifiedForOthers.class })
	void whatJoinsIsAccepted(Class<?> bean) {
		assertAccepted(this.runner, bean);
		assertAccepted(withOther(this.runner), bean);
	}

	public static class RequiresNew {

		@Idempotent(key = "#a0")
		@Transactional(propagation = Propagation.REQUIRES_NEW)
		public void book(String key) {
		}

	}

	public static class NotSupported {

		@Idempotent(key = "#a0")
		@Transactional(propagation = Propagation.NOT_SUPPORTED)
		public void book(String key) {
		}

	}

	public static class Never {

		@Idempotent(key = "#a0")
		@Transactional(propagation = Propagation.NEVER)
		public void book(String key) {
		}

	}

	@Transactional(propagation = Propagation.REQUIRES_NEW)
	public static class OnClass {

		@Idempotent(key = "#a0")
		public void book(String key) {
		}

	}

	public static class ReadOnly {

		@Idempotent(key = "#a0")
		@Transactional(readOnly = true)
		public void book(String key) {
		}

	}

	public static class Isolated {

		@Idempotent(key = "#a0")
		@Transactional(isolation = Isolation.SERIALIZABLE)
		public void book(String key) {
		}

	}

	public static class Timed {

		@Idempotent(key = "#a0")
		@Transactional(timeout = 5)
		public void book(String key) {
		}

	}

	public static class TimedByProperty {

		@Idempotent(key = "#a0")
		@Transactional(timeoutString = "${bookings.timeout}")
		public void book(String key) {
		}

	}

	public static class Other {

		@Idempotent(key = "#a0")
		@Transactional("other")
		public void book(String key) {
		}

	}

	public static class Third {

		@Idempotent(key = "#a0")
		@Transactional("third")
		public void book(String key) {
		}

	}

	public static class OtherByProperty {

		@Idempotent(key = "#a0")
		@Transactional("${bookings.manager}")
		public void book(String key) {
		}

	}

	@Qualifier("other")
	public static class OtherByType {

		@Idempotent(key = "#a0")
		@Transactional
		public void book(String key) {
		}

	}

	@Qualifier("a-bean-of-this-name")
	public static class QualifiedForOthers {

		@Idempotent(key = "#a0")
		@Transactional
		public void book(String key) {
		}

	}

	public static class Required {

		@Idempotent(key = "#a0")
		@Transactional
		public void book(String key) {
		}

	}

	public static class Named {

		@Idempotent(key = "#a0")
		@Transactional("transactionManager")
		public void book(String key) {
		}

	}

	public static class Mandatory {

		@Idempotent(key = "#a0")
		@Transactional(propagation = Propagation.MANDATORY)
		public void book(String key) {
		}

	}

	public static class Supports {

		@Idempotent(key = "#a0")
		@Transactional(propagation = Propagation.SUPPORTS)
		public void book(String key) {
		}

	}

	public static class Nested {

		@Idempotent(key = "#a0")
		@Transactional(propagation = Propagation.NESTED)
		public void book(String key) {
		}

	}

	public static class None {

		@Idempotent(key = "#a0")
		public void book(String key) {
		}

	}

	@Transactional(readOnly = true)
	public static class OverridesClass {

		@Idempotent(key = "#a0")
		@Transactional
		public void book(String key) {
		}

	}

}
