package io.idempotency;

/** The first call with this key is still running. */
public final class OperationInProgressException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	public OperationInProgressException(String operation) {
		super(operation, "A call with the same idempotency key is still running", null);
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
