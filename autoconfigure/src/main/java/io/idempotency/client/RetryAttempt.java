package io.idempotency.client;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;

/** Begins an attempt, in the scope that was opened for all of them. */
final class RetryAttempt implements MethodInterceptor {

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		if (!(invocation instanceof ProxyMethodInvocation proxied
				&& proxied.getUserAttribute(RetryScope.ATTRIBUTE) instanceof CallScope scope)) {
			return invocation.proceed();
		}
		scope.attempt();
		return scope.run(invocation::proceed);
	}

}
