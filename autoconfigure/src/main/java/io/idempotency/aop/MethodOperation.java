package io.idempotency.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.StringJoiner;

import io.idempotency.IdempotentOperation;
import io.idempotency.InvalidIdempotencyConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.GenericTypeResolver;
import org.springframework.util.ClassUtils;

/**
 * What the annotation of one method of one class means.
 *
 * @param method the method as the class implements it
 * @param targetClass the class of the bean
 * @param operation what is known without a call
 * @param named whether the annotation gives the operation its name; if not, a door may
 * know a better one
 * @param rejecting whether the annotation itself says that duplicates in flight are
 * rejected; if not, a door may know better what suits its callers
 * @param key the caller's key, if the annotation says how to find it
 * @param fingerprint what stands for body or arguments, if the annotation says so
 */
public record MethodOperation(Method method, Class<?> targetClass, IdempotentOperation operation, boolean named,
		boolean rejecting, @Nullable CallExpression key,
		@Nullable CallExpression fingerprint) implements ProxiedMethod {

	@Override
	public String annotation() {
		return "@Idempotent";
	}

	@Override
	public String store() {
		return this.operation.store();
	}

	/** The return type of the method with the type variables of its class filled in. */
	public Type returnType() {
		return GenericTypeResolver.resolveType(this.method.getGenericReturnType(), this.targetClass);
	}

	/** Says that this operation cannot work. */
	@Override
	public InvalidIdempotencyConfigurationException invalid(String what, String action) {
		return ProxiedMethod.super.invalid(what, action);
	}

	/** Class, method and parameter types, which tell overloaded methods apart. */
	static String describe(Method method, Class<?> targetClass) {
		StringJoiner parameters = new StringJoiner(",", "(", ")");
		for (Class<?> type : method.getParameterTypes()) {
			parameters.add(type.getTypeName());
		}
		return ClassUtils.getQualifiedMethodName(method, targetClass) + parameters;
	}

}
