package io.idempotency.autoconfigure;

import javax.sql.DataSource;

import io.idempotency.IdempotencyDatabase;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.jdbc.JdbcIdempotencyStore;
import io.idempotency.store.jdbc.JdbcSettings;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Auto-configuration for records in a table of the application's database. */
@AutoConfiguration(before = IdempotencyAutoConfiguration.class,
		afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnClass(DataSource.class)
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@EnableConfigurationProperties(IdempotencyProperties.class)
public final class JdbcIdempotencyStoreAutoConfiguration {

	/** The name of the bean, less what the names of stores have in common. */
	private static final String NAME = "jdbc";

	@Bean
	@Conditional(OnDataSource.class)
	@ConditionalOnMissingBean(name = "jdbcIdempotencyStore")
	JdbcIdempotencyStore jdbcIdempotencyStore(@IdempotencyDatabase ObjectProvider<DataSource> chosen,
			ObjectProvider<DataSource> dataSource, IdempotencyProperties properties,
			ObjectProvider<IdempotencyMetrics> metrics) {
		IdempotencyProperties.Jdbc.Purge purge = properties.jdbc().purge();
		return new JdbcIdempotencyStore(chosen.getIfAvailable(dataSource::getObject),
				new JdbcSettings(properties.storeTimeout(), purge.interval(), purge.batchSize(),
						properties.store().equals(NAME)
								|| properties.store().equals(JdbcTransactionalIdempotencyStoreAutoConfiguration.NAME)),
				(count) -> metrics.ifAvailable((counting) -> counting.recordsPurged(count)));
	}

	/** The table, for applications whose own migrations do not create it. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DataSourceScriptDatabaseInitializer.class)
	@Conditional(OnWantedSchema.class)
	static class Schema {

		@Bean
		@Conditional(OnDataSource.class)
		IdempotencySchemaInitializer idempotencySchemaInitializer(
				@IdempotencyDatabase ObjectProvider<DataSource> chosen, ObjectProvider<DataSource> dataSource,
				IdempotencyProperties properties) {
			return new IdempotencySchemaInitializer(chosen.getIfAvailable(dataSource::getObject),
					properties.jdbc().initializeSchema());
		}

	}

	/** One that is the only one, the primary one, or the one that is marked. */
	static final class OnDataSource extends AnyNestedCondition {

		OnDataSource() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnSingleCandidate(DataSource.class)
		static final class Single {

		}

		@Conditional(OnMarkedBean.OnMarkedDataSource.class)
		static final class Marked {

		}

	}

	/** Who keeps records elsewhere gets no table, unless it is asked for. */
	static final class OnWantedSchema extends AnyNestedCondition {

		OnWantedSchema() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnProperty(name = "idempotency.store", havingValue = NAME)
		static final class InUse {

		}

		@ConditionalOnProperty(name = "idempotency.store",
				havingValue = JdbcTransactionalIdempotencyStoreAutoConfiguration.NAME)
		static final class InTransactionalUse {

		}

		@ConditionalOnProperty("idempotency.jdbc.initialize-schema")
		static final class AskedFor {

		}

	}

}
