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
	public Set<String> variables() {
		return Set.of();
	}

	@Override
	public void validate(MethodOperation operation) {
		if (operation.key() == null) {
			throw operation.invalid("it is no HTTP handler, so there is no header to take the key from.",
					"Say where the key is with a SpEL expression, as in @Idempotent(key = \"#order.id\").");
		}
		Class<?> returned = operation.method().getReturnType();
		if (PromisedValue.isPromise(returned)) {
			validatePromise(operation);
		}
		else if (ReturnTypes.isAsynchronous(returned)) {
			throw operation.invalid("the result of an asynchronous method cannot be stored.",
					"Return a CompletableFuture or the value itself, or put @Idempotent on the synchronous method that"
							+ " computes it.");
		}
	}

	private void validatePromise(MethodOperation operation) {
		if (PromisedValue.type(operation.returnType()) == null) {
			throw operation.invalid("it does not say what its future is of, so the value could not be read again.",
					"Give the type a parameter, as in CompletableFuture<Receipt>.");
		}
		if (this.transactional.test(operation.operation())) {
			throw operation.invalid(
					"it answers asynchronously, and its store '" + operation.operation().store()
							+ "' keeps the record in the transaction of the caller's thread.",
					"Return the value itself, or choose another store for it.");
		}
	}

	@Override
	public boolean accepts(MethodInvocation invocation, MethodOperation operation) {
		return true;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation, MethodOperation operation) throws Throwable {
		return this.calls.call(operation.operation(), key(invocation, operation), () -> asked(invocation, operation),
				operation.returnType(), invocation::proceed);
	}

	private static @Nullable Object key(MethodInvocation invocation, MethodOperation operation) {
		CallExpression expression = operation.key();
		if (expression == null) {
			throw new IllegalStateException(operation.operation().name()
					+ " takes its key from an HTTP request, but was called without one. Give @Idempotent a key"
					+ " expression, or call it through HTTP only");
		}
		return expression.evaluate(invocation.getThis(), invocation.getArguments(), Map.of());
	}

	private static @Nullable Object[] asked(MethodInvocation invocation, MethodOperation operation) {
		CallExpression expression = operation.fingerprint();
		return (expression == null) ? invocation.getArguments() : new @Nullable Object[] {
				expression.evaluate(invocation.getThis(), invocation.getArguments(), Map.of()) };
	}

}
