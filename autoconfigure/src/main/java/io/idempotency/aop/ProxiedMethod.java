package io.idempotency.aop;

import java.lang.reflect.Method;

import io.idempotency.InvalidIdempotencyConfigurationException;

/** A method that a proxy has to stand before, because of one of the annotations. */
interface ProxiedMethod {

	/** The annotation, as people call it. */
	String annotation();

	/** The method as the class implements it. */
	Method method();

	/** The class of the bean. */
	Class<?> targetClass();

	/** The name of its store. */
	String store();

	/** Says that this method cannot work. */
	default InvalidIdempotencyConfigurationException invalid(String what, String action) {
		return new InvalidIdempotencyConfigurationException(
				annotation() + " on " + MethodOperation.describe(method(), targetClass()) + ": " + what, action);
	}

}
