package io.idempotency.aop;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.IdempotentStream;
import io.idempotency.engine.StreamEngine;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.util.ClassUtils;

/**
 * Fails the start of the application where {@link IdempotentStream} would not do what it
 * says: no method skips what it should not, or runs what it should skip.
 */
public final class StreamBeanValidator extends BeanScan {

	private final StreamMethodSource methods;

	private final List<StreamRule> rules;

	private final StreamEngine engine;

	/** Operations, and the one method that each may have. */
	private final Map<String, StreamMethod> operations = new ConcurrentHashMap<>();

	/**
	 * @param beans all beans of the application
	 * @param methods knows what annotations mean
	 * @param rules check every method
	 * @param engine knows the stores
	 */
	public StreamBeanValidator(ConfigurableListableBeanFactory beans, StreamMethodSource methods,
			List<StreamRule> rules, StreamEngine engine) {
		super(beans, StreamMethodSource::mayHaveAny);
		this.methods = methods;
		this.rules = List.copyOf(rules);
		this.engine = engine;
	}

	@Override
	void validate(String beanName, Class<?> targetClass, @Nullable Object bean) {
		Class<?> userClass = ClassUtils.getUserClass(targetClass);
		Set<Method> annotated = MethodIntrospector.selectMethods(userClass,
				(Method method) -> StreamMethodSource.isAnnotated(method, userClass));
		for (Method method : annotated) {
			StreamMethod found = this.methods.find(method, userClass);
			if (found != null) {
				validate(found, beanName, bean);
			}
		}
	}

	private void validate(StreamMethod method, String beanName, @Nullable Object bean) {
		requireSuitable(method);
		requireStore(method);
		requirePosition(method);
		requireOwnMarks(method);
		Proxying.require(method, beanName, bean, IdempotentStreamAdvisor.class);
		this.rules.forEach((rule) -> rule.validate(method));
		if (bean instanceof Advised advised) {
			AdvisorOrder.validate(method, advised, IdempotentStreamAdvisor.class, true);
		}
	}

	private static void requireSuitable(StreamMethod method) {
		if (AnnotatedMethods.find(method.method(), method.targetClass()) != null) {
			throw method.invalid("@Idempotent stands on it too, or on its class.",
					"Keep one of the two: @IdempotentStream for a log that is read in order, @Idempotent for"
							+ " everything else.");
		}
		Class<?> returned = method.method().getReturnType();
		if (returned != void.class && returned != Void.class) {
			throw method.invalid(
					"it returns a " + returned.getSimpleName() + ", and of a stream only a mark is kept and no results,"
							+ " so a replay could not be answered.",
					"Let it return void, or use @Idempotent. It has to be done when it returns, so a future is no way"
							+ " either.");
		}
	}

	private void requireStore(StreamMethod method) {
		Set<String> known = this.engine.storeNames();
		if (!known.contains(method.store())) {
			throw method.invalid("there is no store named '" + method.store() + "' that keeps marks of streams.",
					known.isEmpty()
							? "Add what one of redis, jdbc, jdbc-transactional or memory needs, or let your own store"
									+ " implement HighWaterMarkStore."
							: "Choose one of " + known + ", add what another needs, or let your own store implement"
									+ " HighWaterMarkStore.");
		}
	}

	private static void requirePosition(StreamMethod method) {
		if (method.source() == null && (method.stream() == null || method.position() == null)) {
			throw method.invalid(
					"it does not say which stream a call belongs to and at which position, and no argument tells.",
					"Say both with SpEL expressions, as in @IdempotentStream(stream = \"#event.account\", position ="
							+ " \"#event.sequence\").");
		}
		Expressions.requireKnownVariables(method, "stream", method.stream(), Set.of());
		Expressions.requireKnownVariables(method, "position", method.position(), Set.of());
	}

	/** What one method has done, another has not. */
	private void requireOwnMarks(StreamMethod method) {
		StreamMethod other = this.operations.putIfAbsent(method.operation(), method);
		if (other != null
				&& !(other.method().equals(method.method()) && other.targetClass().equals(method.targetClass()))) {
			throw method.invalid(
					"its operation '" + method.operation() + "' is that of "
							+ MethodOperation.describe(other.method(), other.targetClass())
							+ " too, so each would skip what the other has done.",
					"Give each an operation of its own.");
		}
	}

}
