package io.idempotency.aop;

import javax.sql.DataSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;

/** With a transaction manager of the application's own, which is none of Spring's. */
class OwnTransactionManagerTests extends TransactionalMethodContract {

	@Override
	TransactionalApplication startApplication() {
		return new TransactionalApplication(Own.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		PlatformTransactionManager own(DataSource dataSource) {
			return new OwnTransactionManager(new DataSourceTransactionManager(dataSource));
		}

	}

	private record OwnTransactionManager(PlatformTransactionManager delegate) implements PlatformTransactionManager {

		@Override
		public TransactionStatus getTransaction(TransactionDefinition definition) {
			return this.delegate.getTransaction(definition);
		}

		@Override
		public void commit(TransactionStatus status) {
			this.delegate.commit(status);
		}

		@Override
		public void rollback(TransactionStatus status) {
			this.delegate.rollback(status);
		}

	}

}
