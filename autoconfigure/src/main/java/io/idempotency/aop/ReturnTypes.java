package io.idempotency.aop;

import java.util.concurrent.Future;
import java.util.concurrent.CompletionStage;
import java.util.stream.BaseStream;

import org.springframework.util.ClassUtils;

/** Return types that are no value yet when the method returns. */
public final class ReturnTypes {

	private static final String PUBLISHER = "org.reactivestreams.Publisher";

	private static final String FLOW = "java.util.concurrent.Flow$Publisher";

	private ReturnTypes() {
	}

	/** Whether the value comes later than the method's return, or in pieces. */
	public static boolean isAsynchronous(Class<?> type) {
		return Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)
				|| BaseStream.class.isAssignableFrom(type) || isA(type, PUBLISHER) || isA(type, FLOW);
	}

	private static boolean isA(Class<?> type, String name) {
		return type.getName().equals(name)
				|| ClassUtils.getAllInterfacesForClassAsSet(type).stream().anyMatch((i) -> i.getName().equals(name));
	}

}
