package io.idempotency.engine;

import io.idempotency.observation.CallObservation;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a thread runs the method of an {@link Execution}, or a part of it.
 * Begun by doors, and closed by the same thread; never fails.
 */
public final class MethodScope implements AutoCloseable {

	/** One of which nobody wants to know. */
	public static final MethodScope UNOBSERVED = new MethodScope(null);

	private final @Nullable Runnable end;

	private MethodScope(@Nullable Runnable end) {
		this.end = end;
	}

	static MethodScope of(CallObservation call) {
		Runnable end = call.enter();
		return (end != null) ? new MethodScope(end) : UNOBSERVED;
	}

	@Override
	public void close() {
		if (this.end != null) {
			this.end.run();
		}
	}

}
