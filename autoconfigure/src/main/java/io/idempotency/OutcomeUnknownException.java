package io.idempotency;

/**
 * An earlier call with this key failed, or its process died, and the operation holds its
 * key ({@link Recovery#HOLD}): whether it took effect has to be found out by a person.
 */
public final class OutcomeUnknownException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	public OutcomeUnknownException(String operation) {
		super(operation, "An earlier call with this idempotency key ended without a known outcome", null);
	}

	@Override
	public boolean isRetryable() {
		return false;
	}

}
