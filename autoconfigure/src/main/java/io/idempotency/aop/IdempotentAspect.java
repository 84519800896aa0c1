package io.idempotency.aop;

import java.util.List;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.util.Assert;

/** The advice around every annotated method: finds the operation and the door. */
public final class IdempotentAspect implements MethodInterceptor {

	private final IdempotentOperationSource operations;

	private final List<InvocationDoor> doors;

	/**
	 * @param operations knows what annotations mean
	 * @param doors in the order in which they are asked
	 */
	public IdempotentAspect(IdempotentOperationSource operations, List<InvocationDoor> doors) {
		this.operations = operations;
		this.doors = List.copyOf(doors);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> targetClass = (target != null) ? AopUtils.getTargetClass(target)
				: invocation.getMethod().getDeclaringClass();
		MethodOperation operation = this.operations.find(invocation.getMethod(), targetClass);
		Assert.state(operation != null, "The aspect stands around annotated methods only");
		for (InvocationDoor door : this.doors) {
			if (door.accepts(invocation, operation)) {
				return door.invoke(invocation, operation);
			}
		}
		throw new IllegalStateException("No door accepts " + invocation.getMethod());
	}

}
