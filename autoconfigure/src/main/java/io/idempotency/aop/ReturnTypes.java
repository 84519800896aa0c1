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
