package io.idempotency.aop;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractBeanFactoryPointcutAdvisor;

/**
 * Tells Spring AOP which methods the {@link IdempotentStreamAspect} stands around, and
 * where: on the same side of everything else as {@link IdempotentAdvisor}. Knows its
 * advice by name only.
 */
public final class IdempotentStreamAdvisor extends AbstractBeanFactoryPointcutAdvisor {

	private static final long serialVersionUID = 1L;

	private final transient Pointcut pointcut;

	/**
	 * @param adviceBeanName the bean name of the aspect
	 * @param subclassing whether proxies are subclasses, as Spring Boot's are by default
	 */
	public IdempotentStreamAdvisor(String adviceBeanName, boolean subclassing) {
		this.pointcut = new AnnotatedPointcut("@IdempotentStream", subclassing, StreamMethodSource::mayHaveAny,
				StreamMethodSource::isAnnotated);
		setAdviceBeanName(adviceBeanName);
		setOrder(IdempotentAdvisor.ORDER);
	}

	@Override
	public Pointcut getPointcut() {
		return this.pointcut;
	}

}
