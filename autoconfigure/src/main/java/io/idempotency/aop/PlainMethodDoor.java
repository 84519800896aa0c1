package io.idempotency.aop;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.idempotency.IdempotentOperation;
import io.idempotency.engine.IdempotencyEngine;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Calls of bean methods that come through no other door. The key comes from the
 * annotation, the scope is the same for all callers, and the result is stored as JSON of
 * the method's return type.
 */
public final class PlainMethodDoor implements InvocationDoor {

	private final ValueCalls calls;

	private final Predicate<IdempotentOperation> transactional;

	public PlainMethodDoor(IdempotencyEngine engine) {
		this.calls = new ValueCalls(engine);
		this.transactional = engine::isTransactional;
	}

	@Override
	public boolean serves(MethodOperation operation) {
		return true;
	}

	@Override
	public boolean isRequest() {
		return false;
	}

	@Override
	public Set<String> variables() {
		return Set.of();
	}

	@Override
	public void validate(MethodOperation operation) {
		if (operation.key() == null) {
			throw operation.invalid("it is no HTTP handler, so there is no header to take the key from.",
					"Say where the key is with a SpEL expression, as in @Idempotent(key = \"#order.id\").");
		}
		ReturnTypes.validate(operation, this.transactional.test(operation.operation()));
	}

	@Override
	public boolean accepts(MethodInvocation invocation, MethodOperation operation) {
		return true;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation, MethodOperation operation) throws Throwable {
		return invoke(invocation, operation, Map.of());
	}

	/**
	 * As above, with variables that another door adds.
	 */
	@Nullable Object invoke(MethodInvocation invocation, MethodOperation operation, Map<String, Object> variables)
			throws Throwable {
		return this.calls.call(operation.operation(), key(invocation, operation, variables),
				() -> asked(invocation, operation, variables), operation.returnType(), invocation::proceed,
				Settling.AT_ONCE);
	}

	private static @Nullable Object key(MethodInvocation invocation, MethodOperation operation,
			Map<String, Object> variables) {
		CallExpression expression = operation.key();
		if (expression == null) {
			throw new IllegalStateException(operation.operation().name()
					+ " takes its key from an HTTP request, but was called without one. Give @Idempotent a key"
					+ " expression, or call it through HTTP only");
		}
		return expression.evaluate(invocation.getThis(), invocation.getArguments(), variables);
	}

	private static @Nullable Object[] asked(MethodInvocation invocation, MethodOperation operation,
			Map<String, Object> variables) {
		CallExpression expression = operation.fingerprint();
		return (expression == null) ? invocation.getArguments() : new @Nullable Object[] {
				expression.evaluate(invocation.getThis(), invocation.getArguments(), variables) };
	}

}
