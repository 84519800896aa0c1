package io.idempotency.aop;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

import org.springframework.core.ReactiveAdapterRegistry;

/** Return types that are no value yet when the method returns. */
public final class ReturnTypes {

	private ReturnTypes() {
	}

	/**
	 * Checks that what a method returns can be stored, now or when its promise is kept.
	 * @param transactional whether its record is in the transaction of its thread
	 * @throws io.idempotency.InvalidIdempotencyConfigurationException if it cannot
	 */
	public static void validate(MethodOperation operation, boolean transactional) {
		Class<?> returned = operation.method().getReturnType();
		if (PromisedValue.isPromise(returned)) {
			validatePromise(operation, transactional);
		}
		else if (isAsynchronous(returned)) {
			throw operation.invalid("the result of an asynchronous method cannot be stored.",
					"Return a CompletableFuture or the value itself, or put @Idempotent on the synchronous method that"
							+ " computes it.");
		}
	}

	private static void validatePromise(MethodOperation operation, boolean transactional) {
		if (PromisedValue.type(operation.returnType()) == null) {
			throw operation.invalid("it does not say what its future is of, so the value could not be read again.",
					"Give the type a parameter, as in CompletableFuture<Receipt>.");
		}
		if (transactional) {
			throw operation.invalid(
					"it answers asynchronously, and its store '" + operation.operation().store()
							+ "' keeps the record in the transaction of the caller's thread.",
					"Return the value itself, or choose another store for it.");
		}
	}

	/** Whether the value comes later than the method's return, or in pieces. */
	public static boolean isAsynchronous(Class<?> type) {
		return Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)
				|| BaseStream.class.isAssignableFrom(type) || Flow.Publisher.class.isAssignableFrom(type)
				|| isReactive(type);
	}

	private static boolean isReactive(Class<?> type) {
		for (Class<?> current = type; current != null; current = current.getSuperclass()) {
			for (Class<?> candidate : current.getInterfaces()) {
				if (candidate.getName().equals("org.reactivestreams.Publisher") || isReactive(candidate)) {
					return true;
				}
			}
		}
		return type.getName().equals("org.reactivestreams.Publisher")
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
	}

}
