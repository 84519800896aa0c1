package io.idempotency.client;

import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.Retryable;

/** Opens a scope for what a {@code RetryTemplate} is given to retry. */
final class RetryTemplateScope implements MethodInterceptor {

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object[] arguments = invocation.getArguments();
		if (arguments.length == 1) {
			if (arguments[0] instanceof Retryable<?> work) {
				arguments[0] = new Attempts<>(CallScope.retried(), work);
			}
			else if (arguments[0] instanceof Supplier<?> work) {
				CallScope scope = CallScope.retried();
				arguments[0] = (Supplier<@Nullable Object>) () -> {
					scope.attempt();
					return scope.run(work::get);
				};
			}
			else if (arguments[0] instanceof Runnable work) {
				CallScope scope = CallScope.retried();
				arguments[0] = (Runnable) () -> {
					scope.attempt();
					var unused = scope.run(() -> {
						work.run();
						return null;
					});
				};
			}
		}
		return invocation.proceed();
	}

	private record Attempts<R extends @Nullable Object>(CallScope scope, Retryable<R> work) implements Retryable<R> {

		@Override
		@SuppressWarnings("NullAway") // it is what the work returns
		public R execute() throws Throwable {
			this.scope.attempt();
			return this.scope.run(this.work::execute);
		}

		@Override
		public String getName() {
			return this.work.getName();
		}

	}

}
