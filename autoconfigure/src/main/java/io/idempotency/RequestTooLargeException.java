package io.idempotency;

/** The request body is larger than a fingerprint is taken of. */
public final class RequestTooLargeException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	/**
	 * @param operation the name of the operation
	 * @param limit the largest body that is accepted, in bytes
	 */
	public RequestTooLargeException(String operation, long limit) {
		super(operation, "The request body is larger than the " + limit + " bytes that this operation accepts", null);
	}

	@Override
	public boolean isRetryable() {
		return false;
	}

}
