package io.idempotency.aop;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.IdempotentStream;
import io.idempotency.InvalidIdempotencyConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.expression.BeanResolver;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/** Turns annotations of methods that handle streams into what they mean, each once. */
public final class StreamMethodSource {

	private final String defaultStore;

	private final StringValueResolver placeholders;

	private final BeanResolver beans;

	private final List<PositionSource> sources;

	private final Map<MethodClassKey, Optional<StreamMethod>> methods = new ConcurrentHashMap<>();

	/**
	 * @param defaultStore the store where an annotation names none
	 * @param placeholders resolves <code>${...}</code>
	 * @param beans resolves {@code @bean} in expressions
	 * @param sources know streams and positions of some methods, in their order
	 */
	public StreamMethodSource(String defaultStore, StringValueResolver placeholders, BeanResolver beans,
			List<PositionSource> sources) {
		this.defaultStore = defaultStore;
		this.placeholders = placeholders;
		this.beans = beans;
		this.sources = List.copyOf(sources);
	}

	/** Whether a class may have annotated methods. */
	static boolean mayHaveAny(Class<?> type) {
		return !type.getName().startsWith("org.springframework.")
				&& AnnotationUtils.isCandidateClass(type, IdempotentStream.class);
	}

	/** Whether a method is annotated. */
	static boolean isAnnotated(Method method, Class<?> targetClass) {
		return !ReflectionUtils.isObjectMethod(method)
				&& AnnotatedMethods.findOnMethod(method, targetClass, IdempotentStream.class) != null;
	}

	/**
	 * What the annotation of a method means, or {@code null} if it has none.
	 * @param method the method that is called, of the class, a superclass or an interface
	 * @param targetClass the class of the bean
	 * @throws InvalidIdempotencyConfigurationException if the annotation cannot work
	 */
	public @Nullable StreamMethod find(Method method, Class<?> targetClass) {
		MethodClassKey cacheKey = new MethodClassKey(method, targetClass);
		Optional<StreamMethod> known = this.methods.get(cacheKey);
		if (known == null) {
			known = Optional
				.ofNullable(read(AnnotatedMethods.specific(method, targetClass), ClassUtils.getUserClass(targetClass)));
			this.methods.put(cacheKey, known);
		}
		return known.orElse(null);
	}

	private @Nullable StreamMethod read(Method method, Class<?> targetClass) {
		IdempotentStream annotation = AnnotatedMethods.findOnMethod(method, targetClass, IdempotentStream.class);
		if (annotation == null) {
			return null;
		}
		AnnotationReading reading = new AnnotationReading("@IdempotentStream", method, targetClass, this.placeholders,
				this.beans);
		String name = reading.text("operation", annotation.operation());
		String store = reading.text("store", annotation.store());
		return new StreamMethod(method, targetClass,
				StringUtils.hasText(name) ? name : MethodOperation.describe(method, targetClass),
				StringUtils.hasText(store) ? store : this.defaultStore,
				reading.expression("stream", annotation.stream()),
				reading.expression("position", annotation.position()), source(method));
	}

	private @Nullable PositionSource source(Method method) {
		return this.sources.stream().filter((source) -> source.serves(method)).findFirst().orElse(null);
	}

}
