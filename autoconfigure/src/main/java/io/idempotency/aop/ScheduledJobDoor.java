package io.idempotency.aop;

import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.OperationInProgressException;
import io.idempotency.engine.IdempotencyEngine;
import org.aopalliance.intercept.MethodInvocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringValueResolver;

/**
 * Methods that Spring's scheduler runs, in every process of an application. Their key may
 * be {@code #plannedTime}, an {@link Instant}: the time at which a cron expression wanted
 * the run, the same in all processes, so that one of them runs it. A run that is under
 * way elsewhere is left to whoever runs it.
 */
public final class ScheduledJobDoor implements InvocationDoor {

	private static final Log logger = LogFactory.getLog(ScheduledJobDoor.class);

	private static final String PLANNED_TIME = "plannedTime";

	private final PlainMethodDoor calls;

	private final StringValueResolver placeholders;

	/** Looked up by every call; empty for what is not scheduled. */
	private final Map<Method, Optional<PlannedTimes>> times = new ConcurrentHashMap<>();

	/**
	 * @param engine decides
	 * @param placeholders resolves <code>${...}</code>
	 */
	public ScheduledJobDoor(IdempotencyEngine engine, StringValueResolver placeholders) {
		this.calls = new PlainMethodDoor(engine);
		this.placeholders = placeholders;
	}

	@Override
	public boolean serves(MethodOperation operation) {
		return times(operation.method()).isPresent();
	}

	@Override
	public boolean isRequest() {
		return false;
	}

	@Override
	public Set<String> variables() {
		return Set.of(PLANNED_TIME);
	}

	@Override
	public void validate(MethodOperation operation) {
		CallExpression key = operation.key();
		if (key == null) {
			throw operation.invalid("it is run by a schedule, and nothing says which run is which.",
					"For a cron expression say @Idempotent(key = \"#plannedTime\"), otherwise a key of your own.");
		}
		if (key.mentions(PLANNED_TIME) && !PlannedTimes.isByCron(operation.method())) {
			throw operation.invalid(
					"its key is #plannedTime, but each process counts its fixed delays and rates for itself.",
					"Schedule it by a cron expression, or choose another key.");
		}
		this.calls.validate(operation);
	}

	@Override
	public boolean accepts(MethodInvocation invocation, MethodOperation operation) {
		return serves(operation);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation, MethodOperation operation) throws Throwable {
		Method method = operation.method();
		Instant planned = times(method).map((known) -> known.at(Instant.now())).orElse(null);
		try {
			return this.calls.invoke(invocation, operation,
					(planned != null) ? Map.of(PLANNED_TIME, planned) : Map.of());
		}
		catch (OperationInProgressException ex) {
			boolean needsValue = method.getReturnType().isPrimitive() && method.getReturnType() != void.class;
			if (needsValue || !ex.getOperation().equals(operation.operation().name())) {
				throw ex;
			}
			logger.debug("A run of " + operation.operation().name() + " is under way elsewhere");
			return null;
		}
	}

	private Optional<PlannedTimes> times(Method method) {
		return this.times.computeIfAbsent(method, (missing) -> PlannedTimes.isScheduled(missing)
				? Optional.of(PlannedTimes.of(missing, this.placeholders)) : Optional.empty());
	}

}
