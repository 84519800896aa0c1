package io.idempotency.web;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

import io.idempotency.Fingerprint;
import io.idempotency.aop.CallExpression;
import io.idempotency.aop.MethodOperation;
import io.idempotency.aop.ValueCodec;
import jakarta.servlet.http.HttpServletRequest;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.util.LinkedCaseInsensitiveMap;

/** What an annotation's expressions, or the caller's key, say about one request. */
final class RequestValues {

	/** What expressions see of a request. */
	static final Set<String> VARIABLES = Set.of("request", "headers");

	private final CallerKey callerKey;

	private final ValueCodec codec = new ValueCodec();

	RequestValues(CallerKey callerKey) {
		this.callerKey = callerKey;
	}

	/** The key, or {@code null} if there is none. */
	@Nullable String key(MethodInvocation invocation, MethodOperation operation, CapturingRequest request, String name)
			throws IOException {
		CallExpression expression = operation.key();
		if (expression == null) {
			return this.callerKey.of(invocation, request, name);
		}
		Object value = evaluate(expression, invocation, request);
		String key = (value != null) ? value.toString() : "";
		return key.isBlank() ? null : key;
	}

	/** What stands for the body in the fingerprint, if the annotation says so. */
	@Nullable Fingerprint bodyPart(MethodInvocation invocation, MethodOperation operation, HttpServletRequest request) {
		CallExpression expression = operation.fingerprint();
		return (expression != null) ? this.codec.fingerprint(evaluate(expression, invocation, request)) : null;
	}

	private static @Nullable Object evaluate(CallExpression expression, MethodInvocation invocation,
			HttpServletRequest request) {
		Map<String, String> headers = new LinkedCaseInsensitiveMap<>();
		request.getHeaderNames().asIterator().forEachRemaining((name) -> headers.put(name, request.getHeader(name)));
		return expression.evaluate(invocation.getThis(), invocation.getArguments(),
				Map.of("request", request, "headers", headers));
	}

}
