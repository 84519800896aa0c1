package io.idempotency.web;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.IdempotentOperation;
import io.idempotency.aop.MethodOperation;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.HandlerMapping;

/**
 * Names the operations of handlers by their routes, unless the annotation does. A handler
 * with several routes is several operations.
 */
final class RouteNames {

	/** Those that give an operation its name. */
	static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

	private final Map<Route, IdempotentOperation> known = new ConcurrentHashMap<>();

	/** The operations of methods are many fields and one object each. */
	private record Route(MethodOperation operation, String method, String servlet, String pattern) {

		@Override
		@SuppressWarnings("ReferenceEquality") // one object each
		public boolean equals(@Nullable Object other) {
			return other instanceof Route that && this.operation == that.operation && this.method.equals(that.method)
					&& this.servlet.equals(that.servlet) && this.pattern.equals(that.pattern);
		}

		@Override
		public int hashCode() {
			return 31 * (31 * System.identityHashCode(this.operation) + this.method.hashCode())
					+ this.pattern.hashCode();
		}

	}

	IdempotentOperation of(MethodOperation operation, HttpServletRequest request) {
		if (operation.named()) {
			return operation.operation();
		}
		// a handler may accept methods that a caller made up: they share one name
		String method = METHODS.contains(request.getMethod()) ? request.getMethod() : "OTHER";
		Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		// patterns begin where the servlet's own path ends
		String servlet = (request.getPathInfo() != null) ? request.getServletPath() : "";
		Route route = new Route(operation, method, servlet, (pattern != null) ? pattern.toString() : "");
		IdempotentOperation name = this.known.get(route);
		return (name != null) ? name : this.known.computeIfAbsent(route, (missing) -> operation.operation()
			.named(missing.method() + " " + missing.servlet() + missing.pattern()));
	}

}
