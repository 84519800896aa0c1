package io.idempotency.autoconfigure;

import java.util.Arrays;
import java.util.Objects;

import javax.sql.DataSource;

import io.idempotency.IdempotencyDatabase;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.transaction.PlatformTransactionManager;

/** Whether a bean of a type is marked as one of the database of records. */
abstract class OnMarkedBean extends SpringBootCondition implements ConfigurationCondition {

	private final Class<?> type;

	OnMarkedBean(Class<?> type) {
		this.type = type;
	}

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConfigurableListableBeanFactory beans = Objects.requireNonNull(context.getBeanFactory());
		boolean marked = Arrays.stream(beans.getBeanNamesForType(this.type, true, false))
			.anyMatch((name) -> beans.findAnnotationOnBean(name, IdempotencyDatabase.class) != null);
		return new ConditionOutcome(marked, ConditionMessage.forCondition(IdempotencyDatabase.class)
			.because((marked ? "marks a " : "marks no ") + this.type.getSimpleName()));
	}

	/** For the {@link DataSource}. */
	static final class OnMarkedDataSource extends OnMarkedBean {

		OnMarkedDataSource() {
			super(DataSource.class);
		}

	}

	/** For the transaction manager. */
	static final class OnMarkedTransactions extends OnMarkedBean {

		OnMarkedTransactions() {
			super(PlatformTransactionManager.class);
		}

	}

}
