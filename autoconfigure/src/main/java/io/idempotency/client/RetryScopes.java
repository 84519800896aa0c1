package io.idempotency.client;

import java.lang.reflect.Modifier;

import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.aspectj.AbstractAspectJAdvice;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.retry.RetryOperations;

/**
 * Puts retries into scopes: one around the advice that repeats a method, and a mark
 * within it at each attempt. Comes after every processor that has an order, so that all
 * advice is there.
 */
public final class RetryScopes implements BeanPostProcessor {

	private static final String SPRING = "org.springframework.resilience.retry.AbstractRetryInterceptor";

	private static final String SPRING_RETRY = "org.springframework.retry.";

	private static final String RESILIENCE4J = "io.github.resilience4j.";

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RetryOperations && !(bean instanceof Advised)) {
			ProxyFactory proxy = new ProxyFactory(bean);
			// those who want a RetryTemplate want the class
			proxy.setProxyTargetClass(!Modifier.isFinal(bean.getClass().getModifiers()));
			proxy.addAdvice(new RetryTemplateScope());
			return proxy.getProxy(bean.getClass().getClassLoader());
		}
		if (bean instanceof Advised advised && !advised.isFrozen()) {
			surroundRetries(advised);
			if (bean instanceof RetryOperations) {
				advised.addAdvice(0, new RetryTemplateScope());
			}
		}
		return bean;
	}

	private static void surroundRetries(Advised advised) {
		Advisor[] advisors = advised.getAdvisors();
		for (int i = advisors.length - 1; i >= 0; i--) {
			if (advisors[i] instanceof PointcutAdvisor retry && isRetry(retry)) {
				advised.addAdvisor(i + 1, new DefaultPointcutAdvisor(retry.getPointcut(), new RetryAttempt()));
				advised.addAdvisor(i, new DefaultPointcutAdvisor(retry.getPointcut(), new RetryScope()));
			}
		}
	}

	/** By name, as each of them may be missing. */
	private static boolean isRetry(PointcutAdvisor advisor) {
		if (advisor.getPointcut() == null) {
			return false;
		}
		Object advice = advisor.getAdvice();
		if (advice instanceof AbstractAspectJAdvice aspect) {
			Class<?> declaring = aspect.getAspectJAdviceMethod().getDeclaringClass();
			return declaring.getName().startsWith(RESILIENCE4J) && declaring.getSimpleName().equals("RetryAspect");
		}
		for (Class<?> type = advice.getClass(); type != null; type = type.getSuperclass()) {
			String name = type.getName();
			if (name.equals(SPRING) || (name.startsWith(SPRING_RETRY) && name.contains("Retry"))) {
				return true;
			}
		}
		return false;
	}

}
