package io.idempotency.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Tells a native image which types of the application are written and read as JSON, or
 * asked by expressions: what annotated methods take and return. Called by Spring while
 * the application is built.
 */
final class AnnotatedMethodHints implements BeanRegistrationAotProcessor {

	/** What is no data of the application's own. */
	private static final List<String> FOREIGN = List.of("java.", "javax.", "jakarta.", "org.springframework.");

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
		Set<Method> methods = annotated(type);
		return methods.isEmpty() ? null : (generation, code) -> {
			ReflectionHints reflection = generation.getRuntimeHints().reflection();
			methods.forEach((method) -> reflection.registerMethod(method, ExecutableMode.INVOKE));
			new BindingReflectionHintsRegistrar().registerReflectionHints(reflection,
					values(type, methods).toArray(Type[]::new));
		};
	}

	private static Set<Method> annotated(Class<?> type) {
		Set<Method> methods = new HashSet<>();
		if (AnnotatedMethods.mayHaveAny(type)) {
			methods.addAll(AnnotatedMethods.of(type).keySet());
		}
		if (StreamMethodSource.mayHaveAny(type)) {
			methods.addAll(MethodIntrospector.selectMethods(type,
					(Method method) -> StreamMethodSource.isAnnotated(method, type)));
		}
		return methods;
	}

	private static Set<Type> values(Class<?> type, Set<Method> methods) {
		Set<Type> values = new LinkedHashSet<>();
		for (Method method : methods) {
			Type returned = GenericTypeResolver.resolveType(method.getGenericReturnType(), type);
			Type promised = PromisedValue.isPromise(method.getReturnType()) ? PromisedValue.type(returned) : null;
			values.add((promised != null) ? promised : returned);
			for (Type parameter : method.getGenericParameterTypes()) {
				values.add(GenericTypeResolver.resolveType(parameter, type));
			}
		}
		values.removeIf(AnnotatedMethodHints::isForeign);
		return values;
	}

	/** A collection counts as what is in it. */
	private static boolean isForeign(Type type) {
		ResolvableType resolved = ResolvableType.forType(type);
		return !resolved.hasGenerics()
				&& FOREIGN.stream().anyMatch((start) -> resolved.toClass().getName().startsWith(start));
	}

}
