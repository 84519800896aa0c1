package io.idempotency.web;

import java.util.List;
import java.util.concurrent.Callable;

import io.idempotency.aop.MethodOperation;
import io.idempotency.aop.ReturnTypes;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.http.HttpEntity;
import org.springframework.core.ResolvableType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Which methods are handlers of Spring MVC, and which of them can be idempotent. */
final class HandlerMethods {

	private static final List<Class<?>> STREAMING = List.of(ResponseBodyEmitter.class, StreamingResponseBody.class);

	private static final List<Class<?>> ASYNCHRONOUS = List.of(DeferredResult.class, Callable.class,
			WebAsyncTask.class);

	private static final List<String> POST_AUTHORIZATION = List.of(
			"org.springframework.security.access.prepost.PostAuthorize",
			"org.springframework.security.access.prepost.PostFilter");

	private HandlerMethods() {
	}

	static boolean isHandler(MethodOperation operation) {
		return AnnotatedElementUtils.hasAnnotation(operation.targetClass(), Controller.class)
				&& (AnnotatedElementUtils.hasAnnotation(operation.method(), RequestMapping.class)
						|| AnnotatedElementUtils.hasAnnotation(operation.method(), HttpExchange.class));
	}

	static void validate(MethodOperation operation) {
		ResolvableType returned = ResolvableType.forMethodReturnType(operation.method(), operation.targetClass());
		Class<?> type = returned.toClass();
		if (HttpEntity.class.isAssignableFrom(type)) {
			type = returned.as(HttpEntity.class).getGeneric(0).toClass();
		}
		if (isOneOf(STREAMING, type)) {
			throw operation.invalid("a " + type.getSimpleName() + " streams its response, and a stream cannot be"
					+ " stored and replayed.", "Return the whole body, or take the annotation away.");
		}
		if (isOneOf(ASYNCHRONOUS, type) || ReturnTypes.isAsynchronous(type)) {
			throw operation.invalid(
					"a handler that answers with a " + type.getSimpleName()
							+ " answers later than its method returns, which is not supported.",
					"Return the value itself; with spring.threads.virtual.enabled=true a waiting handler is cheap.");
		}
		for (String annotation : POST_AUTHORIZATION) {
			if (isAnnotated(operation, annotation)) {
				throw operation.invalid(
						"@" + annotation.substring(annotation.lastIndexOf('.') + 1)
								+ " looks at the returned value, and a replay has none.",
						"Use @PreAuthorize, or put the annotation on the service that the handler calls.");
			}
		}
	}

	private static boolean isOneOf(List<Class<?>> types, Class<?> type) {
		return types.stream().anyMatch((candidate) -> candidate.isAssignableFrom(type));
	}

	private static boolean isAnnotated(MethodOperation operation, String annotation) {
		return MergedAnnotations.from(operation.method(), SearchStrategy.TYPE_HIERARCHY).isPresent(annotation)
				|| MergedAnnotations.from(operation.targetClass(), SearchStrategy.TYPE_HIERARCHY).isPresent(annotation);
	}

}
