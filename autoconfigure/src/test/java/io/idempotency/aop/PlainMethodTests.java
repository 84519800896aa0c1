package io.idempotency.aop;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import io.idempotency.IdempotencyException;
import io.idempotency.KeyMissingException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.ResponseNotKeptException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Rules 18 and 19: annotated methods of beans, called from anywhere. */
class PlainMethodTests {

	private static ConfigurableApplicationContext application;

	private static Service service;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = new SpringApplicationBuilder(Beans.class).web(WebApplicationType.NONE)
			.properties("idempotency.store=memory", "spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.datasource.generate-unique-name=true")
			.run();
		service = application.getBean(Service.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void rule18ResultIsReplayedEqual() {
		Receipt first = service.charge(this.key, new BigDecimal("10.00"));
		Receipt second = service.charge(this.key, new BigDecimal("10.00"));
		assertThat(second).isEqualTo(first).isNotSameAs(first);
		assertThat(second.amount()).isEqualTo(new BigDecimal("10.00"));
		assertThat(service.charge(this.key + "x", new BigDecimal("10.00")).run()).isNotEqualTo(first.run());
	}

	@Test
	void rule18GenericTypesNullAndVoidAreReplayed() {
		Map<String, List<Receipt>> first = service.generic(this.key);
		assertThat(service.generic(this.key)).isEqualTo(first);
		assertThat(service.nothing(this.key)).isNull();
		assertThat(service.nothing(this.key)).isNull();
		assertThat(service.runs("nothing")).isEqualTo(1);
		service.silent(this.key);
		service.silent(this.key);
		assertThat(service.runs("silent")).isEqualTo(1);
		assertThat(service.number(this.key)).isEqualTo(service.number(this.key));
	}

	@Test
	void rule18ExceptionsPassThroughUnchangedAndRelease() {
		IOException checked = new IOException("broken");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> service.failing(this.key, checked))
			.satisfies((ex) -> assertThat(ex).isSameAs(checked));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> service.failing(this.key, checked));
		assertThat(service.runs("failing")).isEqualTo(2);
	}

	@Test
	void otherArgumentsWithTheSameKeyAreAMismatch() {
		service.charge(this.key, BigDecimal.ONE);
		assertThatExceptionOfType(PayloadMismatchException.class)
			.isThrownBy(() -> service.charge(this.key, BigDecimal.TEN));
		service.chosen(this.key, "a", "b");
		assertThat(service.chosen(this.key, "a", "c")).isEqualTo("a b");
	}

	@Test
	void rule1NullOrBlankKeyIsMissing() {
		assertThatExceptionOfType(KeyMissingException.class).isThrownBy(() -> service.charge(null, BigDecimal.ONE));
		assertThatExceptionOfType(KeyMissingException.class).isThrownBy(() -> service.charge(" ", BigDecimal.ONE));
		assertThat(service.optional(null)).isNotEqualTo(service.optional(null));
	}

	@Test
	void rule16ResultThatCannotBeStoredDoesNotFreeTheKey() {
		assertThat(service.cyclic(this.key)).isNotNull();
		assertThatExceptionOfType(ResponseNotKeptException.class).isThrownBy(() -> service.cyclic(this.key));
		assertThat(service.runs("cyclic")).isEqualTo(1);
	}

	@Test
	void rule19NestedAndRepeatedCallsAreTheirOwnOperations() {
		List<Receipt> first = service.outer(this.key);
		assertThat(service.outer(this.key)).isEqualTo(first).hasSize(3);
		assertThat(first.get(0)).isEqualTo(first.get(2)).isNotEqualTo(first.get(1));
	}

	@Test
	void annotationsOnInterfacesClassesAndMetaAnnotationsCount() {
		Inherited bean = application.getBean(Inherited.class);
		assertThat(bean.onInterface(this.key)).isEqualTo(bean.onInterface(this.key));
		assertThat(bean.onMeta(this.key)).isEqualTo(bean.onMeta(this.key));
		OnClass onClass = application.getBean(OnClass.class);
		assertThat(onClass.first(this.key)).isEqualTo(onClass.first(this.key));
		assertThat(onClass.second(this.key)).isEqualTo(onClass.second(this.key));
		assertThat(onClass.second(this.key)).isNotEqualTo(onClass.first(this.key));
	}

	@Test
	void resultIsStoredAfterTheCommitAndNotIfItFails() {
		Transactions transactions = application.getBean(Transactions.class);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> transactions.insert(this.key, true))
			.withMessage("the commit fails");
		assertThat(transactions.rows(this.key)).isZero();
		// nothing says done, so the next call runs
		assertThat(transactions.insert(this.key, true, false)).isEqualTo(1);
		assertThat(transactions.insert(this.key, true, false)).isEqualTo(1);
		assertThat(transactions.rows(this.key)).isEqualTo(1);
	}

	@Test
	void refusalNamesTheOperationAndNotTheKey() {
		assertThatExceptionOfType(IdempotencyException.class).isThrownBy(() -> service.charge(null, BigDecimal.ONE))
			.satisfies((ex) -> assertThat(ex.getOperation())
				.isEqualTo(Service.class.getName() + ".charge(java.lang.String,java.math.BigDecimal)"));
	}

	record Receipt(int run, BigDecimal amount) {
	}

	static class Cyclic {

		public Cyclic getSelf() {
			return this;
		}

	}

	@Component
	static class Service {

		private final Map<String, AtomicInteger> runs = new LinkedHashMap<>();

		private final ObjectProvider<Service> self;

		Service(ObjectProvider<Service> self) {
			this.self = self;
		}

		public synchronized int runs(String name) {
			return this.runs.computeIfAbsent(name, (missing) -> new AtomicInteger()).get();
		}

		private synchronized int run(String name) {
			return this.runs.computeIfAbsent(name, (missing) -> new AtomicInteger()).incrementAndGet();
		}

		@Idempotent(key = "#key")
		public Receipt charge(String key, BigDecimal amount) {
			return new Receipt(run("charge"), amount);
		}

		@Idempotent(key = "#key")
		public Map<String, List<Receipt>> generic(String key) {
			return Map.of("all", List.of(new Receipt(run("generic"), new BigDecimal("1.50"))));
		}

		@Idempotent(key = "#key")
		public Receipt nothing(String key) {
			run("nothing");
			return null;
		}

		@Idempotent(key = "#key")
		public void silent(String key) {
			run("silent");
		}

		@Idempotent(key = "#key")
		public long number(String key) {
			return run("number");
		}

		@Idempotent(key = "#key", fingerprint = "'none'")
		public Receipt failing(String key, IOException failure) throws IOException {
			run("failing");
			throw failure;
		}

		@Idempotent(key = "#key", fingerprint = "#a")
		public String chosen(String key, String a, String b) {
			return a + " " + b;
		}

		@Idempotent(key = "#key", required = false)
		public int optional(String key) {
			return run("optional");
		}

		@Idempotent(key = "#key")
		public Cyclic cyclic(String key) {
			run("cyclic");
			return new Cyclic();
		}

		@Idempotent(key = "#key")
		public List<Receipt> outer(String key) {
			Service proxy = this.self.getObject();
			return List.of(proxy.charge(key + 1, BigDecimal.ONE), proxy.charge(key + 2, BigDecimal.ONE),
					proxy.charge(key + 1, BigDecimal.ONE));
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@Idempotent(key = "#a0")
	@interface Once {

	}

	interface OnInterface {

		@Idempotent(key = "#key")
		int onInterface(String key);

	}

	@Component
	static class Inherited implements OnInterface {

		private final AtomicInteger runs = new AtomicInteger();

		@Override
		public int onInterface(String key) {
			return this.runs.incrementAndGet();
		}

		@Once
		public int onMeta(String key) {
			return this.runs.incrementAndGet();
		}

	}

	@Component
	@Idempotent(key = "#key")
	static class OnClass {

		private final AtomicInteger runs = new AtomicInteger();

		public int first(String key) {
			return this.runs.incrementAndGet();
		}

		public int second(String key) {
			return this.runs.incrementAndGet();
		}

		@Override
		public String toString() {
			return "not idempotent";
		}

	}

	@Component
	static class Transactions {

		private final JdbcClient jdbc;

		Transactions(JdbcClient jdbc) {
			this.jdbc = jdbc;
			jdbc.sql("create table if not exists entry (id varchar(64))").update();
		}

		@Transactional
		@Idempotent(key = "#id", operation = "insert", fingerprint = "'any'")
		public int insert(String id, boolean commitFails) {
			return doInsert(id, commitFails);
		}

		@Transactional
		@Idempotent(key = "#id", operation = "insert", fingerprint = "'any'")
		public int insert(String id, boolean ignored, boolean commitFails) {
			return doInsert(id, commitFails);
		}

		private int doInsert(String id, boolean commitFails) {
			this.jdbc.sql("insert into entry values (?)").param(id).update();
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					if (commitFails) {
						throw new IllegalStateException("the commit fails");
					}
				}

			});
			return 1;
		}

		public int rows(String id) {
			return this.jdbc.sql("select count(*) from entry where id = ?").param(id).query(Integer.class).single();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, DataSourceAutoConfiguration.class,
			DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
			JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class,
			InMemoryIdempotencyStoreAutoConfiguration.class, IdempotencyAutoConfiguration.class })
	@Import({ Service.class, Inherited.class, OnClass.class, Transactions.class })
	static class Beans {

		@Bean
		String marker() {
			return "beans";
		}

	}

}
