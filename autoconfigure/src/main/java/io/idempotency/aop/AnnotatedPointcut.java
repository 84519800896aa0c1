package io.idempotency.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.function.BiPredicate;

import io.idempotency.InvalidIdempotencyConfigurationException;

import org.springframework.aop.ClassFilter;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/** The methods with an annotation. A class that cannot have a proxy fails the start. */
final class AnnotatedPointcut extends StaticMethodMatcherPointcut {

	private final String annotation;

	private final boolean subclassing;

	private final BiPredicate<Method, Class<?>> annotated;

	/**
	 * @param annotation what people call it
	 * @param subclassing whether proxies are subclasses
	 * @param candidates which classes may have such methods
	 * @param annotated tells whether a method of a class has it
	 */
	AnnotatedPointcut(String annotation, boolean subclassing, ClassFilter candidates,
			BiPredicate<Method, Class<?>> annotated) {
		this.annotation = annotation;
		this.subclassing = subclassing;
		this.annotated = annotated;
		setClassFilter(candidates);
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		if (!this.annotated.test(method, targetClass)) {
			return false;
		}
		if (this.subclassing && Modifier.isFinal(targetClass.getModifiers()) && !Proxy.isProxyClass(targetClass)) {
			throw new InvalidIdempotencyConfigurationException(
					this.annotation + " on " + MethodOperation.describe(method, targetClass)
							+ ": the class is final, so no proxy can stand before its methods and they would run "
							+ "unprotected.",
					"Take 'final' away from the class; in Kotlin use 'open' or the plugin for Spring.");
		}
		return true;
	}

}
