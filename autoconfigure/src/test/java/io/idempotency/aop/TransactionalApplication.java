package io.idempotency.aop;

import java.util.concurrent.Callable;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.JdbcIdempotencyStoreAutoConfiguration;
import io.idempotency.autoconfigure.JdbcTransactionalIdempotencyStoreAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/** An application whose plain methods keep their records in their transactions. */
final class TransactionalApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	/**
	 * @param more configuration classes and beans
	 */
	TransactionalApplication(Class<?>... more) {
		this.context = new SpringApplicationBuilder(Beans.class).sources(more)
			.web(WebApplicationType.NONE)
			.properties("idempotency.store=jdbc-transactional", "spring.main.banner-mode=off",
					"logging.level.root=error", "spring.datasource.generate-unique-name=true",
					"spring.datasource.hikari.maximum-pool-size=8")
			.run();
		bean(JdbcTemplate.class).execute("CREATE TABLE effect (id varchar(64) NOT NULL)");
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	Bookings bookings() {
		return bean(Bookings.class);
	}

	Surroundings surroundings() {
		return bean(Surroundings.class);
	}

	/** How often what was written under a key has taken effect, as others see it. */
	int effects(String key) {
		return count("SELECT count(*) FROM effect WHERE id = ?", key);
	}

	/** How many records there are. */
	int records() {
		return count("SELECT count(*) FROM idempotency_record");
	}

	private int count(String sql, Object... arguments) {
		Integer count = elsewhere(() -> bean(JdbcTemplate.class).queryForObject(sql, Integer.class, arguments));
		return (count != null) ? count : -1;
	}

	/** In a thread that is in no transaction. */
	static <T> T elsewhere(Callable<T> work) {
		return Parallel.start(work).join();
	}

	/** Calls that ended so, and steps of the store. */
	long timed(String meter, String... tags) {
		var timer = bean(MeterRegistry.class).find(meter).tags(tags).timer();
		return (timer != null) ? timer.count() : 0;
	}

	/** Methods that run under a claim. */
	double inFlight() {
		return bean(MeterRegistry.class).get("idempotency.in.flight").gauge().value();
	}

	/** The thread is in no transaction, and the pool has all of its connections. */
	void assertNothingIsLeftBehind() {
		assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(bean(HikariDataSource.class).getHikariPoolMXBean().getActiveConnections()).isZero();
		assertThat(inFlight()).isZero();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, DataSourceAutoConfiguration.class,
			DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
			TransactionAutoConfiguration.class, JdbcIdempotencyStoreAutoConfiguration.class,
			JdbcTransactionalIdempotencyStoreAutoConfiguration.class, IdempotencyAutoConfiguration.class })
	@Import({ Bookings.class, Surroundings.class })
	static class Beans {

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

	}

}
