package io.idempotency.web;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import io.idempotency.aop.ReturnTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Which values of handlers are promises that Spring MVC waits for, which are streams that
 * cannot be stored, and which it would not wait for.
 */
final class AsyncValues {

	private static final List<Class<?>> PROMISES = List.of(DeferredResult.class, Callable.class, WebAsyncTask.class,
			CompletionStage.class);

	private static final List<Class<?>> STREAMS = List.of(ResponseBodyEmitter.class, StreamingResponseBody.class);

	/** Looked up once per class: it is asked on every call. */
	private static final ClassValue<Kind> kinds = new ClassValue<>() {

		@Override
		protected Kind computeValue(Class<?> type) {
			return kindOf(type);
		}

	};

	/** When a value is there. */
	enum Kind {

		/** Now. */
		WHOLE,

		/** Later, and Spring MVC waits for it. */
		PROMISE,

		/** Later, and Spring MVC would write the promise itself. */
		UNSUPPORTED_PROMISE,

		/** In pieces. */
		STREAM

	}

	private AsyncValues() {
	}

	static Kind of(Class<?> type) {
		return kinds.get(type);
	}

	private static Kind kindOf(Class<?> type) {
		if (isOneOf(STREAMS, type)) {
			return Kind.STREAM;
		}
		if (isOneOf(PROMISES, type)) {
			return Kind.PROMISE;
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
		if (adapter != null) {
			return adapter.isMultiValue() ? Kind.STREAM : Kind.PROMISE;
		}
		if (Future.class.isAssignableFrom(type)) {
			return Kind.UNSUPPORTED_PROMISE;
		}
		return ReturnTypes.isAsynchronous(type) ? Kind.STREAM : Kind.WHOLE;
	}

	/** The type of the value that a declared promise is of. */
	static ResolvableType promised(ResolvableType promise) {
		for (Class<?> type : PROMISES) {
			if (type.isAssignableFrom(promise.toClass())) {
				return promise.as(type).getGeneric(0);
			}
		}
		return promise.getGeneric(0);
	}

	/** Whether Spring MVC will wait for a value that a handler returned. */
	static boolean isPromise(@Nullable Object returned) {
		return returned != null && of(returned.getClass()) == Kind.PROMISE;
	}

	/**
	 * Whether a handler returned work that Spring MVC has yet to begin. Any other promise
	 * is on its way, whether somebody waits for it or not.
	 */
	static boolean isTask(@Nullable Object returned) {
		return returned instanceof Callable || returned instanceof WebAsyncTask;
	}

	/**
	 * What a declared type could not tell: the method has run, so its key stays taken.
	 */
	static void requireWhole(@Nullable Object returned) {
		Object value = (returned instanceof HttpEntity<?> entity) ? entity.getBody() : returned;
		if (value != null && of(value.getClass()) != Kind.WHOLE) {
			throw new IllegalStateException("An idempotent handler returned a " + value.getClass().getName()
					+ ", which answers later or in pieces and cannot be stored. Return the value itself");
		}
	}

	private static boolean isOneOf(List<Class<?>> types, Class<?> type) {
		return types.stream().anyMatch((candidate) -> candidate.isAssignableFrom(type));
	}

}
