package io.idempotency.autoconfigure;

import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer;

/**
 * Who learns of observations, such as a tracer. Spring Boot has a registry of them also
 * where nobody but the meters does, which count calls in any case: an observation of each
 * call would be made for nothing there.
 */
final class ObservationListeners {

	private static final Class<?> ORDINARY = ObservationRegistry.create().getClass();

	private final ObjectProvider<ObservationHandler<?>> handlers;

	private final ObjectProvider<ObservationRegistryCustomizer<?>> customizers;

	ObservationListeners(ObjectProvider<ObservationHandler<?>> handlers,
			ObjectProvider<ObservationRegistryCustomizer<?>> customizers) {
		this.handlers = handlers;
		this.customizers = customizers;
	}

	/**
	 * Whether anybody besides the meters may listen to a registry. A registry of another
	 * kind, as tests have it, and a customizer may bring listeners of their own.
	 */
	boolean mayHear(ObservationRegistry registry) {
		return registry.getClass() != ORDINARY || this.customizers.stream().findAny().isPresent()
				|| this.handlers.stream().anyMatch((handler) -> !(handler instanceof MeterObservationHandler));
	}

}
