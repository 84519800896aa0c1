package io.idempotency.aop;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;

import io.idempotency.Idempotent;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Where {@link Idempotent} is looked for: on the method as the class implements it and on
 * what it overrides, interfaces included; then on the class that declares it; then on the
 * class of the bean and its interfaces.
 */
final class AnnotatedMethods {

	private static final List<String> HANDLER_ANNOTATIONS = List.of(
			"org.springframework.web.bind.annotation.RequestMapping",
			"org.springframework.web.service.annotation.HttpExchange");

	private AnnotatedMethods() {
	}

	static @Nullable Idempotent find(Method method, Class<?> targetClass) {
		if (method.getDeclaringClass() == Object.class || ReflectionUtils.isObjectMethod(method)) {
			return null;
		}
		Method specific = specific(method, targetClass);
		Idempotent onMethod = findOnMethod(method, targetClass, Idempotent.class);
		return (onMethod != null || !isMeantByItsClass(specific, targetClass)) ? onMethod
				: findOnClass(specific, targetClass);
	}

	/** On the method as the class implements it and on what it overrides. */
	static <A extends Annotation> @Nullable A findOnMethod(Method method, Class<?> targetClass, Class<A> annotation) {
		Method specific = specific(method, targetClass);
		A found = AnnotatedElementUtils.findMergedAnnotation(specific, annotation);
		if (found == null && !specific.equals(method)) {
			found = AnnotatedElementUtils.findMergedAnnotation(method, annotation);
		}
		return (found != null) ? found : findOnInterfaces(specific, targetClass, annotation);
	}

	/**
	 * A method of a superclass may implement an interface that only the subclass names.
	 */
	private static <A extends Annotation> @Nullable A findOnInterfaces(Method method, Class<?> targetClass,
			Class<A> annotation) {
		for (Class<?> type : ClassUtils.getAllInterfacesForClassAsSet(ClassUtils.getUserClass(targetClass))) {
			Method declared = ClassUtils.getMethodIfAvailable(type, method.getName(), method.getParameterTypes());
			A found = (declared != null) ? AnnotatedElementUtils.findMergedAnnotation(declared, annotation) : null;
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	private static @Nullable Idempotent findOnClass(Method method, Class<?> targetClass) {
		Idempotent onClass = AnnotatedElementUtils.findMergedAnnotation(method.getDeclaringClass(), Idempotent.class);
		return (onClass != null) ? onClass
				: AnnotatedElementUtils.findMergedAnnotation(ClassUtils.getUserClass(targetClass), Idempotent.class);
	}

	/**
	 * Of a controller its handlers, whatever their visibility; else all public methods.
	 */
	private static boolean isMeantByItsClass(Method method, Class<?> targetClass) {
		if (method.isSynthetic() || Modifier.isStatic(method.getModifiers())) {
			return false;
		}
		if (AnnotatedElementUtils.hasAnnotation(targetClass, Controller.class)) {
			MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
			return HANDLER_ANNOTATIONS.stream().anyMatch(annotations::isPresent);
		}
		return Modifier.isPublic(method.getModifiers());
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
