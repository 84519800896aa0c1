package io.idempotency.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * A thread whose current observation is a call's, until this is run. If a handler fails
 * at either end, the thread has the observation that it had before.
 */
final class ObservedThread implements Runnable {

	private final ObservationRegistry registry;

	private final Observation.@Nullable Scope former;

	private final Observation.Scope scope;

	private ObservedThread(ObservationRegistry registry, Observation.@Nullable Scope former, Observation.Scope scope) {
		this.registry = registry;
		this.former = former;
		this.scope = scope;
	}

	/** Begins, in the calling thread. Never fails, not even with an error. */
	static @Nullable Runnable begin(Observation observation, ObservationRegistry registry) {
		Observation.Scope former = registry.getCurrentObservationScope();
		try {
			return new ObservedThread(registry, former, observation.openScope());
		}
		catch (Throwable ex) {
			CallObservation.unobserved(ex);
			Observation.Scope opened = registry.getCurrentObservationScope();
			if (opened != null && !opened.equals(former)) {
				// some of the handlers have opened it already
				close(opened);
			}
			registry.setCurrentObservationScope(former);
			return null;
		}
	}

	@Override
	public void run() {
		if (!close(this.scope)) {
			this.registry.setCurrentObservationScope(this.former);
		}
	}

	private static boolean close(Observation.Scope scope) {
		try {
			scope.close();
			return true;
		}
		catch (Throwable ex) {
			CallObservation.unobserved(ex);
			return false;
		}
	}

}
