package io.idempotency.observation;

import io.micrometer.observation.Observation;

/**
 * What handlers of observations get to know of one call of an operation. By its type they
 * tell it from other contexts.
 */
public final class OperationContext extends Observation.Context {

	private final String operation;

	OperationContext(String operation) {
		this.operation = operation;
	}

	/** The operation's name. */
	public String operation() {
		return this.operation;
	}

}
