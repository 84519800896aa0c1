package io.idempotency;

/** The store could not say whether the key is free, so the method did not run. */
public final class StoreUnavailableException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	/**
	 * @param operation the name of the operation
	 * @param cause what the store reported
	 */
	public StoreUnavailableException(String operation, Throwable cause) {
		super(operation, "The idempotency store is not available", cause);
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
