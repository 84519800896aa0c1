package io.idempotency.autoconfigure;

import java.util.Map;

import javax.sql.DataSource;

import io.idempotency.IdempotencyDatabase;
import io.idempotency.aop.TransactionRule;
import io.idempotency.store.jdbc.JdbcIdempotencyStore;
import io.idempotency.store.jdbc.JdbcTransactionalIdempotencyStore;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/**
 * Auto-configuration for records that are committed in the transactions of the methods
 * that they belong to.
 */
@AutoConfiguration(after = JdbcIdempotencyStoreAutoConfiguration.class, before = IdempotencyAutoConfiguration.class,
		afterName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
				"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration" })
@ConditionalOnClass({ DataSource.class, DataSourceUtils.class, PlatformTransactionManager.class })
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@ConditionalOnBean(JdbcIdempotencyStore.class)
@Conditional(JdbcTransactionalIdempotencyStoreAutoConfiguration.OnTransactions.class)
public final class JdbcTransactionalIdempotencyStoreAutoConfiguration {

	/** The name of the bean, less what the names of stores have in common. */
	static final String NAME = "jdbc-transactional";

	@Bean(NAME + "IdempotencyStore")
	@ConditionalOnMissingBean(name = NAME + "IdempotencyStore")
	JdbcTransactionalIdempotencyStore jdbcTransactionalIdempotencyStore(JdbcIdempotencyStore records,
			@IdempotencyDatabase ObjectProvider<DataSource> chosenDataSource, ObjectProvider<DataSource> dataSource,
			@IdempotencyDatabase ObjectProvider<PlatformTransactionManager> chosenManager,
			ObjectProvider<PlatformTransactionManager> manager, IdempotencyProperties properties) {
		DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
		definition.setIsolationLevelName("ISOLATION_" + properties.jdbc().isolation().name());
		return new JdbcTransactionalIdempotencyStore(records, chosenDataSource.getIfAvailable(dataSource::getObject),
				chosenManager.getIfAvailable(manager::getObject), definition);
	}

	@Bean
	@ConditionalOnBean(JdbcTransactionalIdempotencyStore.class)
	TransactionRule idempotencyTransactionRule(ConfigurableListableBeanFactory beans,
			JdbcTransactionalIdempotencyStore store) {
		return new TransactionRule(beans, Map.of(NAME, store.transactionManager()));
	}

	/** One that is the only one, the primary one, or the one that is marked. */
	static final class OnTransactions extends AnyNestedCondition {

		OnTransactions() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnSingleCandidate(PlatformTransactionManager.class)
		static final class Single {

		}

		@Conditional(OnMarkedBean.OnMarkedTransactions.class)
		static final class Marked {

		}

	}

}
