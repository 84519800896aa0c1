package io.idempotency.aop;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractBeanFactoryPointcutAdvisor;

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
		this.pointcut = new AnnotatedPointcut("@Idempotent", subclassing, AnnotatedMethods::mayHaveAny,
				(method, targetClass) -> AnnotatedMethods.find(method, targetClass) != null);
		setAdviceBeanName(adviceBeanName);
		setOrder(ORDER);
	}

	@Override
	public Pointcut getPointcut() {
		return this.pointcut;
	}

}
