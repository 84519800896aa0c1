package io.idempotency.web;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.IdempotentOperation;
import io.idempotency.aop.MethodOperation;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.servlet.HandlerMapping;

/**
 * Names the operations of handlers by their routes, unless the annotation does. A handler
 * with several routes is several operations.
 */
final class RouteNames {

	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
			"TRACE");

	private final Map<Route, IdempotentOperation> known = new ConcurrentHashMap<>();

	private record Route(MethodOperation operation, String method, String servlet, String pattern) {
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
