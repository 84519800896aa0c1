package io.idempotency.aop;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

/**
 * Knows from the arguments of some methods which stream a call belongs to and where it
 * stands, so that {@link io.idempotency.IdempotentStream} need not say it. A bean; the
 * first one that serves a method is asked, for what its annotation leaves open. For all
 * threads.
 */
public interface PositionSource {

	/** Whether the arguments of a method tell both. Asked once per method. */
	boolean serves(Method method);

	/** The stream of a call; {@code null} if it has none, which is refused. */
	@Nullable Object stream(Method method, @Nullable Object[] arguments);

	/** The position of a call; {@code null} if it has none, which is refused. */
	@Nullable Object position(Method method, @Nullable Object[] arguments);

}
