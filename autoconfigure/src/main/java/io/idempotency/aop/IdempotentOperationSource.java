package io.idempotency.aop;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.idempotency.Idempotent;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodClassKey;
import org.springframework.expression.BeanResolver;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * Turns annotations into operations, each once. For all threads.
 */
public final class IdempotentOperationSource {

	private final OperationDefaults defaults;

	private final StringValueResolver placeholders;

	private final BeanResolver beans;

	private final Map<MethodClassKey, Optional<MethodOperation>> operations = new ConcurrentHashMap<>();

	/**
	 * @param defaults what an annotation means where it says nothing
	 * @param placeholders resolves <code>${...}</code>
	 * @param beans resolves {@code @bean} in expressions
	 */
	public IdempotentOperationSource(OperationDefaults defaults, StringValueResolver placeholders, BeanResolver beans) {
		this.defaults = defaults;
		this.placeholders = placeholders;
		this.beans = beans;
	}

	/**
	 * The operation of a method, or {@code null} if it is not annotated.
	 * @param method the method that is called, of the class, a superclass or an interface
	 * @param targetClass the class of the bean
	 * @throws InvalidIdempotencyConfigurationException if the annotation cannot work
	 */
	public @Nullable MethodOperation find(Method method, Class<?> targetClass) {
		MethodClassKey cacheKey = new MethodClassKey(method, targetClass);
		Optional<MethodOperation> known = this.operations.get(cacheKey);
		if (known == null) {
			// however a method is reached, its operation is one and the same object
			Method specific = AnnotatedMethods.specific(method, targetClass);
			Class<?> userClass = ClassUtils.getUserClass(targetClass);
			known = this.operations.computeIfAbsent(new MethodClassKey(specific, userClass),
					(missing) -> Optional.ofNullable(read(specific, userClass)));
			this.operations.put(cacheKey, known);
		}
		return known.orElse(null);
	}

	/** All operations that were asked for so far. */
	Stream<MethodOperation> known() {
		return this.operations.values().stream().flatMap(Optional::stream).distinct();
	}

	private @Nullable MethodOperation read(Method method, Class<?> targetClass) {
		Idempotent annotation = AnnotatedMethods.find(method, targetClass);
		if (annotation == null) {
			return null;
		}
		AnnotationReading reading = new AnnotationReading("@Idempotent", method, targetClass, this.placeholders,
				this.beans);
		String name = reading.text("operation", annotation.operation());
		String store = reading.text("store", annotation.store());
		InProgress inProgress = (annotation.inProgress() != InProgress.DEFAULT) ? annotation.inProgress()
				: this.defaults.inProgress();
		if (inProgress == InProgress.REJECT && !annotation.waitTimeout().isEmpty()) {
			throw reading.invalid("waitTimeout is given, but duplicates in flight are rejected and never wait.",
					"Take waitTimeout away, or add inProgress = InProgress.WAIT.", null);
		}
		Recovery recovery = (annotation.recovery() != Recovery.DEFAULT) ? annotation.recovery()
				: this.defaults.recovery();
		if (recovery == Recovery.HOLD && annotation.onStoreFailure() == OnStoreFailure.PROCEED) {
			throw reading.invalid(
					"its recovery is HOLD, which never runs a call again whose outcome is unknown, but"
							+ " onStoreFailure = PROCEED runs it unprotected.",
					"Take onStoreFailure away, or choose recovery = Recovery.RERUN.", null);
		}
		Duration lease = reading.duration("lease", annotation.lease(), this.defaults.lease());
		if (lease.compareTo(this.defaults.shortestLease()) < 0) {
			throw reading.invalid(
					"lease is " + lease + ", which is over before a store that is slow for once has renewed it.",
					"Use a lease of at least " + this.defaults.shortestLease()
							+ ", or lower idempotency.store-timeout, of which it has to last two.",
					null);
		}
		IdempotentOperation operation = new IdempotentOperation(
				StringUtils.hasText(name) ? name : MethodOperation.describe(method, targetClass),
				reading.duration("ttl", annotation.ttl(), this.defaults.ttl()), lease, inProgress,
				reading.duration("waitTimeout", annotation.waitTimeout(), this.defaults.waitTimeout()), recovery,
				onStoreFailure(annotation, recovery), annotation.required(),
				StringUtils.hasText(store) ? store : this.defaults.store());
		return new MethodOperation(method, targetClass, operation, StringUtils.hasText(name),
				annotation.inProgress() == InProgress.REJECT, reading.expression("key", annotation.key()),
				reading.expression("fingerprint", annotation.fingerprint()));
	}

	/** What is held is never run unprotected, whatever the others do. */
	private OnStoreFailure onStoreFailure(Idempotent annotation, Recovery recovery) {
		if (recovery == Recovery.HOLD) {
			return OnStoreFailure.REJECT;
		}
		return (annotation.onStoreFailure() != OnStoreFailure.DEFAULT) ? annotation.onStoreFailure()
				: this.defaults.onStoreFailure();
	}

}
