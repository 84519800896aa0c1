package io.idempotency.aop;

import java.lang.reflect.Method;

import io.idempotency.InvalidIdempotencyConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * What {@link io.idempotency.IdempotentStream} on one method of one class means.
 *
 * @param method the method as the class implements it
 * @param targetClass the class of the bean
 * @param operation the name of the operation
 * @param store the name of the store that keeps the marks
 * @param stream which stream, if the annotation says so
 * @param position where in it, if the annotation says so
 * @param source what knows what the annotation does not say, if there is such a thing
 */
public record StreamMethod(Method method, Class<?> targetClass, String operation, String store,
		@Nullable CallExpression stream, @Nullable CallExpression position,
		@Nullable PositionSource source) implements ProxiedMethod {

	@Override
	public String annotation() {
		return "@IdempotentStream";
	}

	/** Says that this method cannot work. */
	@Override
	public InvalidIdempotencyConfigurationException invalid(String what, String action) {
		return ProxiedMethod.super.invalid(what, action);
	}

}
