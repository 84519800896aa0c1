package io.idempotency.aop;

import java.util.function.Supplier;

import org.aopalliance.aop.Advice;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;

/**
 * Tells Spring AOP which methods the {@link IdempotentStreamAspect} stands around, and
 * where: on the same side of everything else as {@link IdempotentAdvisor}. Makes its
 * advice late.
 */
public final class IdempotentStreamAdvisor extends AbstractPointcutAdvisor {

	private static final long serialVersionUID = 1L;

	private final transient Pointcut pointcut;

	private final transient Advice advice;

	/**
	 * @param aspect is asked for it when a method is called
	 * @param subclassing whether proxies are subclasses, as Spring Boot's are by default
	 */
	public IdempotentStreamAdvisor(Supplier<IdempotentStreamAspect> aspect, boolean subclassing) {
		this.pointcut = new AnnotatedPointcut("@IdempotentStream", subclassing, StreamMethodSource::mayHaveAny,
				StreamMethodSource::isAnnotated);
		this.advice = new LateAdvice(aspect);
		setOrder(IdempotentAdvisor.ORDER);
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
