package io.idempotency.web;

import java.util.Map;

import javax.sql.DataSource;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue.Answer;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Transactions of JPA, with an entity manager that is open as long as Spring MVC has the
 * request, as Spring Boot has it by default: it is closed before the response is
 * complete.
 */
class JpaTransactionDialogueTests extends TransactionalDialogue {

	@Override
	Class<?> transactions() {
		return Jpa.class;
	}

	@Test
	void whatIsPersistedIsCommittedWithTheRecord() {
		Answer first = http().post("/accounts/1", "key", "{}");
		assertThat(first.status()).isEqualTo(201);
		assertThat(first.text()).isEqualTo("{\"balance\":10}");
		assertThat(accounts()).isEqualTo(1);
		Answer replay = http().post("/accounts/1", "key", "{}");
		assertThat(replay.isReplay()).isTrue();
		assertThat(replay.text()).isEqualTo(first.text());
		assertThat(accounts()).isEqualTo(1);
	}

	@Test
	void whatIsChangedWithoutASaveIsCommittedWithTheRecord() {
		http().post("/accounts/1", "key", "{}");
		assertThat(http().post("/accounts/1/deposits", "key", "{}").text()).isEqualTo("15");
		assertThat(http().post("/accounts/1/deposits", "key", "{}").text()).isEqualTo("15");
		assertThat(balance()).isEqualTo(15);
	}

	@ParameterizedTest
	@ValueSource(ints = { 402, 500 })
	void errorTakesBackWhatIsNotWrittenYet(int status) {
		http().post("/accounts/1", "key", "{}");
		assertThat(http().post("/accounts/1/withdrawals/" + status, "key", "{}").status()).isEqualTo(status);
		assertThat(balance()).isEqualTo(10);
		assertThat(http().post("/accounts/1/withdrawals/" + status, "key", "{}").isReplay()).isEqualTo(status < 500);
		assertThat(balance()).isEqualTo(10);
	}

	@Test
	void constraintThatTheLateWriteViolatesIsAnExceptionOfTheHandler() {
		http().post("/accounts/1", "key", "{}");
		Answer second = http().post("/accounts/1", "other", "{}");
		assertThat(second.status()).isEqualTo(422);
		assertThat(second.text()).isEqualTo("there is one");
		assertThat(http().post("/accounts/1", "other", "{}").isReplay()).isTrue();
		assertThat(accounts()).isEqualTo(1);
	}

	/**
	 * The rollback of an entity manager that Spring MVC has closed is a failure of its
	 * own, which takes the place of the first.
	 */
	@Override
	int statusOfAFailureBeforeTheCommit() {
		return 503;
	}

	private long accounts() {
		Long count = sql().queryForObject("SELECT count(*) FROM account", Long.class);
		return (count != null) ? count : -1;
	}

	private long balance() {
		Long balance = sql().queryForObject("SELECT balance FROM account", Long.class);
		return (balance != null) ? balance : -1;
	}

	@Override
	@BeforeEach
	void clear() {
		super.clear();
		sql().update("DELETE FROM account");
	}

	private JdbcTemplate sql() {
		return application().getBean(JdbcTemplate.class);
	}

	/** An account. */
	@Entity(name = "account")
	static class Account {

		@Id
		private long id;

		private long balance;

		/** For JPA. */
		protected Account() {
		}

		Account(long id, long balance) {
			this.id = id;
			this.balance = balance;
		}

		void add(long amount) {
			this.balance += amount;
		}

	}

	/** Handlers that have no transaction but that of their record. */
	@RestController
	@Idempotent
	static class Accounts {

		@PersistenceContext
		private EntityManager entities;

		@PostMapping("/accounts/{id}")
		ResponseEntity<Map<String, Object>> open(@PathVariable long id) {
			this.entities.persist(new Account(id, 10));
			return ResponseEntity.status(201).body(Map.of("balance", 10));
		}

		@PostMapping("/accounts/{id}/deposits")
		long deposit(@PathVariable long id) {
			Account account = this.entities.find(Account.class, id);
			account.add(5);
			return account.balance;
		}

		@PostMapping("/accounts/{id}/withdrawals/{status}")
		void withdraw(@PathVariable long id, @PathVariable int status) {
			this.entities.find(Account.class, id).add(-20);
			throw new ResponseStatusException(HttpStatus.valueOf(status));
		}

		@ExceptionHandler
		ResponseEntity<String> handle(DataIntegrityViolationException ex) {
			return ResponseEntity.unprocessableContent().body("there is one");
		}

	}

	/** What Spring Boot configures where there is JPA. */
	@Configuration(proxyBeanMethods = false)
	@Import(Accounts.class)
	static class Jpa {

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setManagedTypes(PersistenceManagedTypes.of(Account.class.getName()));
			factory.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "update"));
			return factory;
		}

		@Bean
		PlatformTransactionManager transactionManager(EntityManagerFactory factory) {
			return new JpaTransactionManager(factory);
		}

		@Bean
		WebMvcConfigurer openInView(EntityManagerFactory factory) {
			OpenEntityManagerInViewInterceptor interceptor = new OpenEntityManagerInViewInterceptor();
			interceptor.setEntityManagerFactory(factory);
			return new WebMvcConfigurer() {

				@Override
				public void addInterceptors(InterceptorRegistry registry) {
					registry.addWebRequestInterceptor(interceptor);
				}

			};
		}

	}

}
