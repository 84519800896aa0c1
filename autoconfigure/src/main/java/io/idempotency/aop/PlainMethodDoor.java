package io.idempotency.aop;

import java.util.Map;
import java.util.Set;

import io.idempotency.Fingerprint;
import io.idempotency.KeyMissingException;
import io.idempotency.ResponseNotKeptException;
import io.idempotency.StoredResult;
import io.idempotency.engine.Attempt;
import io.idempotency.engine.Execution;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.engine.IdempotentCall;
import io.idempotency.engine.Replay;
import org.aopalliance.intercept.MethodInvocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Calls of bean methods that come through no other door. The key comes from the
 * annotation, the scope is the same for all callers, and the result is stored as JSON of
 * the method's return type.
 */
public final class PlainMethodDoor implements InvocationDoor {

	private static final Log logger = LogFactory.getLog(PlainMethodDoor.class);

	private static final String SCOPE = "";

	private final IdempotencyEngine engine;

	private final ValueCodec codec = new ValueCodec();

	public PlainMethodDoor(IdempotencyEngine engine) {
		this.engine = engine;
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
		if (ReturnTypes.isAsynchronous(operation.method().getReturnType())) {
			throw operation.invalid("the result of an asynchronous method cannot be stored.",
					"Return the value itself, or put @Idempotent on the synchronous method that computes it.");
		}
	}

	@Override
	public boolean accepts(MethodInvocation invocation, MethodOperation operation) {
		return true;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation, MethodOperation operation) throws Throwable {
		String key = key(invocation, operation);
		if (key == null) {
			if (operation.operation().required()) {
				throw this.engine.refused(new KeyMissingException(operation.operation().name()));
			}
			return run(invocation, operation, this.engine.unprotected(operation.operation()));
		}
		IdempotentCall call = new IdempotentCall(operation.operation(), SCOPE, key, fingerprint(invocation, operation));
		Attempt attempt = this.engine.begin(call);
		if (attempt instanceof Replay replay) {
			return replay.read((result) -> replay(operation, result));
		}
		return run(invocation, operation, (Execution) attempt);
	}

	private static @Nullable String key(MethodInvocation invocation, MethodOperation operation) {
		CallExpression expression = operation.key();
		if (expression == null) {
			throw new IllegalStateException(operation.operation().name()
					+ " takes its key from an HTTP request, but was called without one. Give @Idempotent a key"
					+ " expression, or call it through HTTP only");
		}
		Object value = expression.evaluate(invocation.getThis(), invocation.getArguments(), Map.of());
		String key = (value != null) ? value.toString() : "";
		return key.isBlank() ? null : key;
	}

	private Fingerprint fingerprint(MethodInvocation invocation, MethodOperation operation) {
		CallExpression expression = operation.fingerprint();
		@Nullable Object[] values = (expression == null) ? invocation.getArguments() : new @Nullable Object[] {
				expression.evaluate(invocation.getThis(), invocation.getArguments(), Map.of()) };
		try {
			return this.codec.fingerprint(values);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalStateException("The arguments of " + operation.operation().name()
					+ " cannot be compared with those of another call. Choose what can with @Idempotent(fingerprint"
					+ " = ...)", ex);
		}
	}

	private @Nullable Object run(MethodInvocation invocation, MethodOperation operation, Execution execution)
			throws Throwable {
		Object result;
		try {
			result = invocation.proceed();
		}
		catch (Throwable ex) {
			execution.fail();
			throw ex;
		}
		execution.complete(execution.isClaimed() ? stored(operation, result) : StoredResult.notKept());
		return result;
	}

	private StoredResult stored(MethodOperation operation, @Nullable Object result) {
		try {
			return StoredResult.of(this.codec.write(result, operation.returnType()));
		}
		catch (IllegalArgumentException ex) {
			// the method took effect: the key stays taken, whatever its result is made of
			logger.error("The result of " + operation.operation().name()
					+ " cannot be stored: duplicates of this call are refused", ex);
			return StoredResult.notKept();
		}
	}

	private @Nullable Object replay(MethodOperation operation, StoredResult result) {
		try {
			return this.codec.read(result.payload(), operation.returnType());
		}
		catch (IllegalArgumentException ex) {
			logger.error("A stored result of " + operation.operation().name()
					+ " does not fit its return type, so it cannot be replayed", ex);
			throw new ResponseNotKeptException(operation.operation().name());
		}
	}

}
