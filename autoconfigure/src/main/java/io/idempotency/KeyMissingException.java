package io.idempotency;

/** The operation requires a key and the call has none. */
public final class KeyMissingException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	public KeyMissingException(String operation) {
		super(operation, "The operation requires an idempotency key and the call has none", null);
	}

	@Override
	public boolean isRetryable() {
		return false;
	}

}
