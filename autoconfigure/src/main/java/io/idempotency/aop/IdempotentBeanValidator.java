package io.idempotency.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.idempotency.engine.IdempotencyEngine;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Fails the start of the application where an annotation would not do what it says:
 * before a request can come in, no method runs unprotected.
 */
public final class IdempotentBeanValidator
		implements SmartInitializingSingleton, ApplicationListener<ContextRefreshedEvent> {

	private final ConfigurableListableBeanFactory beans;

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
		this.beans = beans;
		this.operations = operations;
		this.doors = List.copyOf(doors);
		this.rules = List.copyOf(rules);
		this.engine = engine;
	}

	@Override
	public void afterSingletonsInstantiated() {
		validate(this.beans);
	}

	/**
	 * A second DispatcherServlet has a context of its own, where nothing makes proxies.
	 */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() instanceof ConfigurableApplicationContext context
				&& !context.getBeanFactory().equals(this.beans)) {
			validate(context.getBeanFactory());
		}
	}

	private void validate(ConfigurableListableBeanFactory factory) {
		Set<String> names = new LinkedHashSet<>(List.of(factory.getBeanDefinitionNames()));
		names.addAll(List.of(factory.getSingletonNames()));
		for (String beanName : names) {
			Class<?> type = factory.getType(beanName, false);
			if (type == null || !AnnotatedMethods.mayHaveAny(type)) {
				continue;
			}
			Object singleton = factory.getSingleton(beanName);
			// what a factory bean makes is known by its type only
			Object bean = (singleton instanceof FactoryBean<?>) ? null : singleton;
			Class<?> targetClass = (bean != null) ? AopProxyUtils.ultimateTargetClass(bean) : type;
			for (Method method : AnnotatedMethods.of(targetClass).keySet()) {
				validate(method, targetClass, beanName, bean);
			}
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
		requireOverridable(operation);
		requireProxy(operation, beanName, bean);
		this.rules.forEach((rule) -> rule.validate(operation));
		for (InvocationDoor door : this.doors) {
			if (door.serves(operation)) {
				requireKnownVariables(operation, "key", operation.key(), door);
				requireKnownVariables(operation, "fingerprint", operation.fingerprint(), door);
				door.validate(operation);
				if (bean instanceof Advised advised) {
					AdvisorOrder.validate(operation, advised, !door.isRequest());
				}
				return;
			}
		}
	}

	private static void requireOverridable(MethodOperation operation) {
		if (Proxy.isProxyClass(operation.targetClass())) {
			return;
		}
		int modifiers = operation.method().getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
			throw operation
				.invalid("the method is private, static or final, so no proxy can stand before it and it would run "
						+ "unprotected.", "Make it a public instance method that is not final.");
		}
		Class<?> declaringClass = operation.method().getDeclaringClass();
		if ((modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) == 0
				&& !declaringClass.getPackage().equals(operation.targetClass().getPackage())) {
			throw operation.invalid(
					"the method is visible in the package of " + declaringClass.getName()
							+ " only, so no proxy can stand before it and it would run unprotected.",
					"Make it public.");
		}
	}

	private void requireProxy(MethodOperation operation, String beanName, @Nullable Object bean) {
		if (bean == null || bean instanceof ScopedObject || isAdvised(bean, operation)) {
			return;
		}
		throw operation.invalid("the bean '" + beanName + "' has no proxy, so the method would run unprotected.",
				"Let Spring proxy it: the class must not be final, 'spring.aop.auto' must not be false, and the bean "
						+ "must not be made while bean post-processors are (the log names such beans).");
	}

	private static boolean isAdvised(Object bean, MethodOperation operation) {
		if (!(bean instanceof Advised advised)) {
			return false;
		}
		for (Advisor advisor : advised.getAdvisors()) {
			if (advisor instanceof IdempotentAdvisor && AopUtils.canApply(advisor, operation.targetClass())) {
				return true;
			}
		}
		return false;
	}

	private static void requireKnownVariables(MethodOperation operation, String attribute,
			@Nullable CallExpression expression, InvocationDoor door) {
		Set<String> unknown = (expression != null) ? expression.unknownVariables(door.variables()) : Set.of();
		if (!unknown.isEmpty()) {
			throw operation.invalid(attribute + " speaks of " + unknown + ", which no call has.",
					"Use the names of the method's parameters (compiled with -parameters), #a0, #a1 ..., or "
							+ door.variables() + ".");
		}
	}

}
