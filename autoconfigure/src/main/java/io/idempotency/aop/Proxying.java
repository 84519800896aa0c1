package io.idempotency.aop;

import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;

import io.idempotency.InvalidIdempotencyConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.support.AopUtils;

/** Whether a proxy really stands before a method. */
final class Proxying {

	private Proxying() {
	}

	/**
	 * Checks one method of one bean.
	 * @param bean {@code null} if it is not known
	 * @param advisor which its proxy has to have
	 * @throws InvalidIdempotencyConfigurationException if the method would run
	 * unprotected
	 */
	static void require(ProxiedMethod method, String beanName, @Nullable Object bean,
			Class<? extends Advisor> advisor) {
		requireOverridable(method);
		if (bean == null || bean instanceof ScopedObject || isAdvised(bean, method, advisor)) {
			return;
		}
		throw method.invalid("the bean '" + beanName + "' has no proxy, so the method would run unprotected.",
				"Let Spring proxy it: the class must not be final, 'spring.aop.auto' must not be false, and the bean "
						+ "must not be made while bean post-processors are (the log names such beans).");
	}

	private static void requireOverridable(ProxiedMethod method) {
		if (Proxy.isProxyClass(method.targetClass())) {
			return;
		}
		int modifiers = method.method().getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
			throw method
				.invalid("the method is private, static or final, so no proxy can stand before it and it would run "
						+ "unprotected.", "Make it a public instance method that is not final.");
		}
		Class<?> declaringClass = method.method().getDeclaringClass();
		if ((modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) == 0
				&& !declaringClass.getPackage().equals(method.targetClass().getPackage())) {
			throw method.invalid(
					"the method is visible in the package of " + declaringClass.getName()
							+ " only, so no proxy can stand before it and it would run unprotected.",
					"Make it public.");
		}
	}

	private static boolean isAdvised(Object bean, ProxiedMethod method, Class<? extends Advisor> wanted) {
		if (!(bean instanceof Advised advised)) {
			return false;
		}
		for (Advisor advisor : advised.getAdvisors()) {
			if (wanted.isInstance(advisor) && AopUtils.canApply(advisor, method.targetClass())) {
				return true;
			}
		}
		return false;
	}

}
