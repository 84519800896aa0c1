package io.idempotency;

/** The key was used before, for a call that asked for something else. */
public final class PayloadMismatchException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	public PayloadMismatchException(String operation) {
		super(operation, "The idempotency key was used before with a different request", null);
	}

	@Override
	public boolean isRetryable() {
		return false;
	}

}
