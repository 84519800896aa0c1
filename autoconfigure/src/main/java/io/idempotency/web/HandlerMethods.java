package io.idempotency.web;

import java.io.OutputStream;
import java.io.Writer;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Callable;

import io.idempotency.aop.MethodOperation;
import io.idempotency.aop.ReturnTypes;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Which methods are handlers of Spring MVC, and which of them can be idempotent. */
final class HandlerMethods {

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

	/**
	 * Whether the request was mapped to this method of this bean, whatever its proxy is.
	 */
	static boolean isBestMatch(HandlerMethod best, MethodInvocation invocation, MethodOperation operation) {
		Method mapped = best.getMethod();
		return (best.getBeanType().isInstance(invocation.getThis()) || Proxy.isProxyClass(best.getBeanType()))
				&& (mapped.equals(operation.method())
						|| AopUtils.getMostSpecificMethod(mapped, operation.targetClass()).equals(operation.method()));
	}

	static void validate(MethodOperation operation) {
		ResolvableType returned = ResolvableType.forMethodReturnType(operation.method(), operation.targetClass());
		AsyncValues.Kind kind = AsyncValues.of(returned.toClass());
		if (kind == AsyncValues.Kind.PROMISE) {
			requireWhole(operation, AsyncValues.promised(returned));
		}
		else {
			requireWhole(operation, returned);
		}
		for (Class<?> parameter : operation.method().getParameterTypes()) {
			if (OutputStream.class.isAssignableFrom(parameter) || Writer.class.isAssignableFrom(parameter)) {
				throw operation.invalid(
						"an argument of type " + parameter.getSimpleName()
								+ " is taken from the response before the key is claimed, so what is written to it"
								+ " cannot be stored.",
						"Take the HttpServletResponse as an argument and ask it for its stream or writer, or return"
								+ " the body.");
			}
		}
		if (MergedAnnotations.from(operation.method(), SearchStrategy.TYPE_HIERARCHY)
			.stream()
			.anyMatch((annotation) -> annotation.getRoot().getType().getName().startsWith("jakarta.validation.")
					|| annotation.getType().getName().equals("jakarta.validation.Constraint"))) {
			throw operation.invalid("a constraint on the returned value looks at it, and a replay has none.",
					"Put the constraint on the service that the handler calls.");
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

	/** A transaction ends in the thread in which it began. */
	static void requireSynchronous(MethodOperation operation) {
		Class<?> returned = ResolvableType.forMethodReturnType(operation.method(), operation.targetClass()).toClass();
		if (AsyncValues.of(returned) == AsyncValues.Kind.PROMISE) {
			throw operation.invalid(
					"it answers asynchronously, and its store '" + operation.operation().store()
							+ "' keeps the record in the transaction of the handler's thread.",
					"Return the value itself, or choose another store for it.");
		}
	}

	/**
	 * The value itself, or what is in its {@link HttpEntity}, has to be there and end.
	 */
	private static void requireWhole(MethodOperation operation, ResolvableType returned) {
		Class<?> type = returned.toClass();
		if (HttpEntity.class.isAssignableFrom(type)) {
			type = returned.as(HttpEntity.class).getGeneric(0).toClass();
		}
		AsyncValues.Kind kind = AsyncValues.of(type);
		if (kind == AsyncValues.Kind.STREAM) {
			throw operation.invalid("a " + type.getSimpleName() + " streams its response, and a stream cannot be"
					+ " stored and replayed.", "Return the whole body, or take the annotation away.");
		}
		if (kind != AsyncValues.Kind.WHOLE) {
			throw operation.invalid(
					"it returns " + operation.returnType().getTypeName() + ", for whose " + type.getSimpleName()
							+ " Spring MVC does not wait.",
					"Return the value itself, or a CompletableFuture, DeferredResult, Callable or WebAsyncTask of it.");
		}
	}

	private static boolean isAnnotated(MethodOperation operation, String annotation) {
		return MergedAnnotations.from(operation.method(), SearchStrategy.TYPE_HIERARCHY).isPresent(annotation)
				|| MergedAnnotations.from(operation.targetClass(), SearchStrategy.TYPE_HIERARCHY).isPresent(annotation);
	}

	/** What Spring MVC takes for "nothing to write". */
	static @Nullable Object emptyValue(Class<?> type) {
		if (type == HttpHeaders.class) {
			return new HttpHeaders();
		}
		return (type.isPrimitive() && type != void.class) ? Array.get(Array.newInstance(type, 1), 0) : null;
	}

}
