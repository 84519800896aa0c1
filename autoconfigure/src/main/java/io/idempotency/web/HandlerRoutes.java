package io.idempotency.web;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.aop.MethodOperation;
import io.idempotency.aop.OperationNames;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The names of handlers' operations before anybody has called them: their routes. */
public final class HandlerRoutes implements OperationNames {

	private final ObjectProvider<RequestMappingHandlerMapping> mappings;

	private final IdempotentOperationSource operations;

	private final String servletPath;

	/**
	 * @param mappings know all handlers
	 * @param operations knows which are idempotent
	 * @param servletPath what every path of the dispatcher servlet starts with, or empty
	 */
	public HandlerRoutes(ObjectProvider<RequestMappingHandlerMapping> mappings, IdempotentOperationSource operations,
			String servletPath) {
		this.mappings = mappings;
		this.operations = operations;
		this.servletPath = servletPath;
	}

	@Override
	public Set<String> of(MethodOperation operation) {
		Set<String> names = new TreeSet<>();
		if (!operation.named()) {
			this.mappings.orderedStream().forEach((mapping) -> mapping.getHandlerMethods().forEach((info, handler) -> {
				if (isOf(handler, operation)) {
					names.addAll(names(info));
				}
			}));
		}
		return names;
	}

	// one object for each method, however it is reached
	@SuppressWarnings("ReferenceEquality")
	private boolean isOf(HandlerMethod handler, MethodOperation operation) {
		return this.operations.find(handler.getMethod(), handler.getBeanType()) == operation;
	}

	private Set<String> names(RequestMappingInfo info) {
		Set<String> methods = info.getMethodsCondition()
			.getMethods()
			.stream()
			.map(RequestMethod::name)
			.collect(Collectors.toCollection(LinkedHashSet::new));
		Set<String> names = new LinkedHashSet<>();
		for (String pattern : info.getPatternValues()) {
			for (String method : methods.isEmpty() ? RouteNames.METHODS : methods) {
				names.add(method + " " + this.servletPath + pattern);
			}
		}
		return names;
	}

}
