package io.idempotency.aop;

import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Advice that is made when a method is called for the first time. Whoever makes proxies
 * may ask every advisor for its advice, also while an application is only built, where
 * there is no store to connect to.
 */
final class LateAdvice implements MethodInterceptor {

	private final Supplier<? extends MethodInterceptor> source;

	/** Asked for by two threads at once, it is the same bean. */
	private volatile @Nullable MethodInterceptor advice;

	LateAdvice(Supplier<? extends MethodInterceptor> source) {
		this.source = source;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		MethodInterceptor made = this.advice;
		if (made == null) {
			made = this.source.get();
			this.advice = made;
		}
		return made.invoke(invocation);
	}

}
