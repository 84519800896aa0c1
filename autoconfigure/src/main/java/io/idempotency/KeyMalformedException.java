package io.idempotency;

/**
 * The call has a key that does not follow the grammar. The key itself is not repeated.
 */
public final class KeyMalformedException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	/**
	 * @param operation the name of the operation
	 * @param reason what is wrong with the key, without quoting it
	 */
	public KeyMalformedException(String operation, String reason) {
		super(operation, reason, null);
	}

	@Override
	public boolean isRetryable() {
		return false;
	}

}
