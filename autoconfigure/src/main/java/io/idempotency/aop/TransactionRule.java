package io.idempotency.aop;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.util.StringUtils;

/**
 * A method whose record is part of its transaction joins the one that was begun for it:
 * what its own {@code @Transactional} asks for beyond that would not happen, or would
 * happen in another transaction than the record's.
 */
public final class TransactionRule implements OperationRule, StreamRule {

	private static final Set<Integer> JOINING = Set.of(TransactionDefinition.PROPAGATION_REQUIRED,
			TransactionDefinition.PROPAGATION_SUPPORTS, TransactionDefinition.PROPAGATION_MANDATORY,
			TransactionDefinition.PROPAGATION_NESTED);

	private final ConfigurableBeanFactory beans;

	private final Map<String, ? extends TransactionManager> managers;

	private final AnnotationTransactionAttributeSource attributes = new AnnotationTransactionAttributeSource(false);

	/**
	 * @param beans of the application
	 * @param managers which begin the transactions of stores, by the names of these
	 */
	public TransactionRule(ConfigurableBeanFactory beans, Map<String, ? extends TransactionManager> managers) {
		this.beans = beans;
		this.managers = Map.copyOf(managers);
		this.attributes.setEmbeddedValueResolver(new EmbeddedValueResolver(beans));
	}

	@Override
	public void validate(MethodOperation operation) {
		validate((ProxiedMethod) operation);
	}

	@Override
	public void validate(StreamMethod method) {
		validate((ProxiedMethod) method);
	}

	private void validate(ProxiedMethod operation) {
		TransactionManager manager = this.managers.get(operation.store());
		TransactionAttribute wanted = (manager != null)
				? this.attributes.getTransactionAttribute(operation.method(), operation.targetClass()) : null;
		if (manager == null || wanted == null) {
			return;
		}
		String store = "its store '" + operation.store() + "' ";
		if (!JOINING.contains(wanted.getPropagationBehavior())) {
			throw operation.invalid(
					"its @Transactional leaves the transaction around it, in which " + store
							+ "keeps the record, so what it writes would be committed without the record.",
					"Use Propagation.REQUIRED, or leave @Transactional out.");
		}
		if (wanted.isReadOnly()) {
			throw operation.invalid("its @Transactional is read-only, and " + store + "writes in the same transaction.",
					"Take readOnly = true away, or choose another store for it.");
		}
		if (wanted.getIsolationLevel() != TransactionDefinition.ISOLATION_DEFAULT
				|| wanted.getTimeout() != TransactionDefinition.TIMEOUT_DEFAULT) {
			throw operation.invalid(
					"its @Transactional asks for an isolation level or a timeout, and " + store
							+ "has begun the transaction already.",
					"Use the properties idempotency.jdbc.isolation and spring.transaction.default-timeout instead.");
		}
		TransactionManager other = manager(wanted, operation.targetClass());
		if (other != null && other != manager) {
			throw operation.invalid(
					"its @Transactional uses another transaction manager than " + store
							+ "so what it writes would be committed without the record.",
					"Mark the DataSource and its transaction manager with @IdempotencyDatabase, or choose another store.");
		}
	}

	private @Nullable TransactionManager manager(TransactionAttribute wanted, Class<?> type) {
		String qualifier = wanted.getQualifier();
		if (StringUtils.hasText(qualifier)) {
			return BeanFactoryAnnotationUtils.qualifiedBeanOfType(this.beans, TransactionManager.class, qualifier);
		}
		String qualifierOfType = BeanFactoryAnnotationUtils.getQualifierValue(type);
		if (StringUtils.hasText(qualifierOfType)) {
			try {
				return BeanFactoryAnnotationUtils.qualifiedBeanOfType(this.beans, TransactionManager.class,
						qualifierOfType);
			}
			catch (NoSuchBeanDefinitionException ex) {
				// it speaks of the bean itself, and not of its transactions
			}
		}
		return this.beans.getBeanProvider(TransactionManager.class).getIfUnique();
	}

}
