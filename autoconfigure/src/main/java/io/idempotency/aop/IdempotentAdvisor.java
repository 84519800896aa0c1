package io.idempotency.aop;

import java.util.function.Supplier;

import org.aopalliance.aop.Advice;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;

/**
 * Tells Spring AOP which methods the {@link IdempotentAspect} stands around, and where.
 * Makes its advice late: an advisor is made before most beans, and must not drag stores,
 * connections and meters along.
 */
public final class IdempotentAdvisor extends AbstractPointcutAdvisor {

	/**
	 * Inside method security, whose interceptors have orders up to 600, and outside
	 * transactions, caches and asynchronous execution, which come last.
	 */
	public static final int ORDER = 1000;

	private static final long serialVersionUID = 1L;

	private final transient Pointcut pointcut;

	private final transient Advice advice;

	/**
	 * @param aspect is asked for it when a method is called
	 * @param subclassing whether proxies are subclasses, as Spring Boot's are by default
	 */
	public IdempotentAdvisor(Supplier<IdempotentAspect> aspect, boolean subclassing) {
		this.pointcut = new AnnotatedPointcut("@Idempotent", subclassing, AnnotatedMethods::mayHaveAny,
				(method, targetClass) -> AnnotatedMethods.find(method, targetClass) != null);
		this.advice = new LateAdvice(aspect);
		setOrder(ORDER);
	}

	@Override
	public Pointcut getPointcut() {
		return this.pointcut;
	}

	@Override
	public Advice getAdvice() {
		return this.advice;
	}

}
