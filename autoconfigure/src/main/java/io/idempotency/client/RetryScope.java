package io.idempotency.client;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;

/**
 * Opens a scope for the attempts of one call of a method. It goes with the invocation, as
 * an attempt may be made by another thread.
 */
final class RetryScope implements MethodInterceptor {

	static final String ATTRIBUTE = RetryScope.class.getName();

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		if (invocation instanceof ProxyMethodInvocation proxied) {
			proxied.setUserAttribute(ATTRIBUTE, CallScope.retried());
		}
		return invocation.proceed();
	}

}
