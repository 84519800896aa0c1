package io.idempotency.aop;

import java.util.Set;

import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * One way into an annotated method: an HTTP handler, a plain call, a message. The aspect
 * asks the doors in their order, the plain method last.
 */
public interface InvocationDoor {

	/** Whether the outside world calls the method through this door. */
	boolean serves(MethodOperation operation);

	/**
	 * Whether a call is part of a request, which claims its key once and is answered
	 * elsewhere. If not, the call itself returns the answer.
	 */
	boolean isRequest();

	/** The names, without {@code #}, that this door adds to an expression's variables. */
	Set<String> variables();

	/**
	 * Checks, while the application starts, an operation that this door serves.
	 * @throws io.idempotency.InvalidIdempotencyConfigurationException if it cannot work
	 */
	void validate(MethodOperation operation);

	/** Whether this very invocation came through this door. */
	boolean accepts(MethodInvocation invocation, MethodOperation operation);

	/**
	 * Runs the method once or replays its result.
	 * @return what the caller gets
	 * @throws Throwable what the method threw, unchanged, or a refusal
	 */
	@Nullable Object invoke(MethodInvocation invocation, MethodOperation operation) throws Throwable;

}
