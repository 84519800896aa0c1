package io.idempotency;

/**
 * The method ran, but the transaction that holds its writes and its result was not
 * committed, or nobody knows whether it was. Either all of it took effect or nothing did:
 * the same call with the same key finds out.
 */
public final class CommitFailedException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	/**
	 * @param operation the name of the operation
	 * @param cause what the store reported
	 */
	public CommitFailedException(String operation, Throwable cause) {
		super(operation, "The transaction of this call was not committed, or that was not confirmed. The same call"
				+ " with the same idempotency key is safe", cause);
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
