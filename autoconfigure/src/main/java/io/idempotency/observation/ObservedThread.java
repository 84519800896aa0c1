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

	/** Begins, in the calling thread. */
	static @Nullable Runnable begin(Observation observation, ObservationRegistry registry) {
		Observation.Scope former = registry.getCurrentObservationScope();
		try {
			return new ObservedThread(registry, former, observation.openScope());
		}
		catch (RuntimeException ex) {
			CallObservation.unobserved(ex);
			registry.setCurrentObservationScope(former);
			return null;
		}
	}

	@Override
	public void run() {
		try {
			this.scope.close();
		}
		catch (RuntimeException ex) {
			CallObservation.unobserved(ex);
			this.registry.setCurrentObservationScope(this.former);
		}
	}

}
