package io.idempotency.web;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.aop.MethodOperation;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Fails the start where two handlers share method and pattern and are told apart by a
 * header or a media type only: by their default names they would share their records, and
 * one would be answered with the other's response.
 */
public final class RouteConflicts implements SmartInitializingSingleton {

	private final ObjectProvider<RequestMappingHandlerMapping> mappings;

	private final IdempotentOperationSource operations;

	/**
	 * @param mappings know all handlers
	 * @param operations knows which are idempotent
	 */
	public RouteConflicts(ObjectProvider<RequestMappingHandlerMapping> mappings, IdempotentOperationSource operations) {
		this.mappings = mappings;
		this.operations = operations;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.mappings.orderedStream().forEach(this::validate);
	}

	private void validate(RequestMappingHandlerMapping mapping) {
		Map<String, HandlerMethod> routes = new HashMap<>();
		mapping.getHandlerMethods().forEach((info, handler) -> {
			MethodOperation operation = this.operations.find(handler.getMethod(), handler.getBeanType());
			if (operation != null && !operation.named()) {
				for (String pattern : info.getPatternValues()) {
					for (String method : methods(info)) {
						HandlerMethod other = routes.putIfAbsent(method + " " + pattern, handler);
						if (other != null && !other.getMethod().equals(handler.getMethod())) {
							throw operation.invalid(
									other.getShortLogMessage() + " is mapped to " + method + " " + pattern
											+ " too, so they would share their keys.",
									"Give each a name of its own, as in @Idempotent(operation = \"refund\").");
						}
					}
				}
			}
		});
	}

	private static Set<String> methods(RequestMappingInfo info) {
		Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
		return methods.isEmpty() ? Set.of("any method")
				: methods.stream().map(RequestMethod::name).collect(Collectors.toSet());
	}

}
