package io.idempotency.aop;

import java.lang.reflect.Method;
import java.util.Map;

import io.idempotency.StreamPositionException;
import io.idempotency.engine.StreamEngine;
import io.idempotency.engine.StreamPosition;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.util.Assert;

/** The advice around every method that handles streams: finds out where a call stands. */
public final class IdempotentStreamAspect implements MethodInterceptor {

	private final StreamMethodSource methods;

	private final StreamEngine engine;

	/**
	 * @param methods knows what annotations mean
	 * @param engine decides
	 */
	public IdempotentStreamAspect(StreamMethodSource methods, StreamEngine engine) {
		this.methods = methods;
		this.engine = engine;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> targetClass = (target != null) ? AopUtils.getTargetClass(target)
				: invocation.getMethod().getDeclaringClass();
		StreamMethod method = this.methods.find(invocation.getMethod(), targetClass);
		Assert.state(method != null, "The aspect stands around annotated methods only");
		if (!this.engine.isTransactional(method.store()) && SurroundingTransaction.isActive()) {
			throw new IllegalStateException(method.operation() + " was called within a transaction, and its store '"
					+ method.store() + "' would keep the mark even if that is rolled back: what it wrote would be lost."
					+ " Call it outside of transactions, or use the store 'jdbc-transactional'");
		}
		this.engine.handle(position(invocation, method), invocation::proceed);
		return null;
	}

	private StreamPosition position(MethodInvocation invocation, StreamMethod method) {
		Object stream = value(invocation, method.stream(), method.source(), PositionSource::stream);
		Object position = value(invocation, method.position(), method.source(), PositionSource::position);
		if (stream == null || stream.toString().isBlank()) {
			throw refused(method, "it has no stream", null);
		}
		try {
			return new StreamPosition(method.operation(), method.store(), stream.toString(),
					PositionNumber.of(position));
		}
		catch (IllegalArgumentException ex) {
			throw refused(method, "its position " + ex.getMessage(), ex);
		}
	}

	private StreamPositionException refused(StreamMethod method, String what, @Nullable Throwable cause) {
		return this.engine.refused(new StreamPositionException(method.operation(), what, cause));
	}

	private static @Nullable Object value(MethodInvocation invocation, @Nullable CallExpression expression,
			@Nullable PositionSource source, Finding finding) {
		if (expression != null) {
			return expression.evaluate(invocation.getThis(), invocation.getArguments(), Map.of());
		}
		return (source != null) ? finding.find(source, invocation.getMethod(), invocation.getArguments()) : null;
	}

	/** One of the two questions to a source. */
	private interface Finding {

		@Nullable Object find(PositionSource source, Method method, @Nullable Object[] arguments);

	}

}
