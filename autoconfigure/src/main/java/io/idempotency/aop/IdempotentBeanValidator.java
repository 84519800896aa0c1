package io.idempotency.aop;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;

import io.idempotency.engine.IdempotencyEngine;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Fails the start of the application where an annotation would not do what it says:
 * before a request can come in, no method runs unprotected.
 */
public final class IdempotentBeanValidator extends BeanScan {

	private final IdempotentOperationSource operations;

	private final List<InvocationDoor> doors;

	private final List<OperationRule> rules;

	private final IdempotencyEngine engine;

	/**
	 * @param beans all beans of the application
	 * @param operations knows what annotations mean
	 * @param doors check what they serve
	 * @param rules check every operation
	 * @param engine knows the stores
	 */
	public IdempotentBeanValidator(ConfigurableListableBeanFactory beans, IdempotentOperationSource operations,
			List<InvocationDoor> doors, List<OperationRule> rules, IdempotencyEngine engine) {
		super(beans, AnnotatedMethods::mayHaveAny);
		this.operations = operations;
		this.doors = List.copyOf(doors);
		this.rules = List.copyOf(rules);
		this.engine = engine;
	}

	@Override
	void validate(String beanName, Class<?> targetClass, @Nullable Object bean) {
		for (Method method : AnnotatedMethods.of(targetClass).keySet()) {
			validate(method, targetClass, beanName, bean);
		}
	}

	private void validate(Method method, Class<?> type, String beanName, @Nullable Object bean) {
		MethodOperation operation = this.operations.find(method, type);
		if (operation == null) {
			return;
		}
		String store = operation.operation().store();
		Set<String> known = this.engine.storeNames();
		if (!known.contains(store)) {
			throw operation.invalid("there is no store named '" + store + "'.", known.isEmpty()
					? "Add a Redis connection over Lettuce (spring-boot-starter-data-redis), or a bean of type IdempotencyStore."
					: "Choose one of " + known + ", or add what it needs: for redis one connection factory, or a "
							+ "primary one, declared as LettuceConnectionFactory, for jdbc one DataSource or a primary one, for "
							+ "jdbc-transactional its transaction manager too, "
							+ "for memory com.github.ben-manes.caffeine:caffeine, for your own a bean of that name.");
		}
		Proxying.require(operation, beanName, bean, IdempotentAdvisor.class);
		this.rules.forEach((rule) -> rule.validate(operation));
		for (InvocationDoor door : this.doors) {
			if (door.serves(operation)) {
				Expressions.requireKnownVariables(operation, "key", operation.key(), door.variables());
				Expressions.requireKnownVariables(operation, "fingerprint", operation.fingerprint(), door.variables());
				door.validate(operation);
				if (bean instanceof Advised advised) {
					AdvisorOrder.validate(operation, advised, IdempotentAdvisor.class, !door.isRequest());
				}
				return;
			}
		}
	}

}
