package io.idempotency.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;

import io.idempotency.InvalidIdempotencyConfigurationException;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractBeanFactoryPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/**
 * Tells Spring AOP which methods the {@link IdempotentAspect} stands around, and where.
 * Knows its advice by name only: an advisor is made before most beans, and must not drag
 * stores, connections and meters along.
 */
public final class IdempotentAdvisor extends AbstractBeanFactoryPointcutAdvisor {

	/**
	 * Inside method security, whose interceptors have orders up to 600, and outside
	 * transactions, caches and asynchronous execution, which come last.
	 */
	public static final int ORDER = 1000;

	private static final long serialVersionUID = 1L;

	private final transient Pointcut pointcut;

	/**
	 * @param adviceBeanName the bean name of the aspect
	 * @param subclassing whether proxies are subclasses, as Spring Boot's are by default
	 */
	public IdempotentAdvisor(String adviceBeanName, boolean subclassing) {
		this.pointcut = new AnnotatedPointcut(subclassing);
		setAdviceBeanName(adviceBeanName);
		setOrder(ORDER);
	}

	@Override
	public Pointcut getPointcut() {
		return this.pointcut;
	}

	private static final class AnnotatedPointcut extends StaticMethodMatcherPointcut {

		private final boolean subclassing;

		AnnotatedPointcut(boolean subclassing) {
			this.subclassing = subclassing;
			setClassFilter(AnnotatedMethods::mayHaveAny);
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			if (AnnotatedMethods.find(method, targetClass) == null) {
				return false;
			}
			if (this.subclassing && Modifier.isFinal(targetClass.getModifiers()) && !Proxy.isProxyClass(targetClass)) {
				throw new InvalidIdempotencyConfigurationException(
						"@Idempotent on " + MethodOperation.describe(method, targetClass)
								+ ": the class is final, so no proxy can stand before its methods and they would run "
								+ "unprotected.",
						"Take 'final' away from the class; in Kotlin use 'open' or the plugin for Spring.");
			}
			return true;
		}

	}

}
