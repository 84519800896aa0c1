package io.idempotency.observation;

import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.Observation;

/**
 * Stands before the handler that makes timers of observations, and makes none of ours:
 * {@link OperationMetrics} has timed the call already.
 */
public final class UntimedOperations implements MeterObservationHandler<OperationContext> {

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof OperationContext;
	}

}
