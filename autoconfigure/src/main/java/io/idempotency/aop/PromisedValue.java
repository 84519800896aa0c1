package io.idempotency.aop;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * The value of a {@link CompletableFuture} or {@link CompletionStage}, which comes later
 * than the method returns, on whatever thread.
 */
final class PromisedValue {

	private PromisedValue() {
	}

	/** Whether a method promises a value in a way that can be waited for. */
	static boolean isPromise(Class<?> type) {
		return type == CompletableFuture.class || type == CompletionStage.class;
	}

	/** The type of what is promised; {@code null} if the promise does not say. */
	static @Nullable Type type(Type promise) {
		if (!(promise instanceof ParameterizedType parameterized)) {
			return null;
		}
		Type promised = parameterized.getActualTypeArguments()[0];
		return (ResolvableType.forType(promised).resolve() == null) ? null : promised;
	}

	/**
	 * Tells how a promise was kept before anybody else learns it.
	 * @param promise what a method returned
	 * @param kept is given the value; what it throws takes its place
	 * @param broken is told why there will be none
	 * @return a promise that is kept or broken after that. Who cancels it does not stop
	 * the work
	 */
	static CompletableFuture<@Nullable Object> watch(CompletionStage<?> promise, Consumer<@Nullable Object> kept,
			Consumer<Throwable> broken) {
		CompletableFuture<@Nullable Object> watched = new CompletableFuture<>();
		var unused = promise.whenComplete((value, failure) -> {
			try {
				if (failure != null) {
					Throwable cause = cause(failure);
					broken.accept(cause);
					watched.completeExceptionally(cause);
				}
				else {
					kept.accept(value);
					watched.complete(value);
				}
			}
			catch (Throwable ex) {
				watched.completeExceptionally(ex);
			}
		});
		return watched;
	}

	/** What the method's work threw, as the caller is to see it. */
	private static Throwable cause(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

}
