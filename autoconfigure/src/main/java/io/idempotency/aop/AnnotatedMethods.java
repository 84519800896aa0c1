package io.idempotency.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;

import io.idempotency.Idempotent;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Where {@link Idempotent} is looked for: on the method as the class implements it and on
 * what it overrides, interfaces included; then, for public methods, on the class that
 * declares it; then on the class of the bean and its interfaces.
 */
final class AnnotatedMethods {

	private AnnotatedMethods() {
	}

	static @Nullable Idempotent find(Method method, Class<?> targetClass) {
		if (method.getDeclaringClass() == Object.class || ReflectionUtils.isObjectMethod(method)) {
			return null;
		}
		Method specific = specific(method, targetClass);
		Idempotent onMethod = AnnotatedElementUtils.findMergedAnnotation(specific, Idempotent.class);
		if (onMethod == null && !specific.equals(method)) {
			onMethod = AnnotatedElementUtils.findMergedAnnotation(method, Idempotent.class);
		}
		if (onMethod != null || !Modifier.isPublic(specific.getModifiers()) || specific.isSynthetic()
				|| Modifier.isStatic(specific.getModifiers())) {
			return onMethod;
		}
		Idempotent onClass = AnnotatedElementUtils.findMergedAnnotation(specific.getDeclaringClass(), Idempotent.class);
		return (onClass != null) ? onClass
				: AnnotatedElementUtils.findMergedAnnotation(ClassUtils.getUserClass(targetClass), Idempotent.class);
	}

	/** The method that really runs. */
	static Method specific(Method method, Class<?> targetClass) {
		return AopUtils.getMostSpecificMethod(method, ClassUtils.getUserClass(targetClass));
	}

	static boolean mayHaveAny(Class<?> type) {
		return !type.getName().startsWith("org.springframework.")
				&& AnnotationUtils.isCandidateClass(type, Idempotent.class);
	}

	/** All annotated methods of a class. */
	static Map<Method, Idempotent> of(Class<?> type) {
		Class<?> userClass = ClassUtils.getUserClass(type);
		return MethodIntrospector.selectMethods(userClass,
				(MethodIntrospector.MetadataLookup<Idempotent>) (method) -> find(method, userClass));
	}

}
