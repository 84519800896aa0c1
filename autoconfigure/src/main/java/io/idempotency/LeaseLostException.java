package io.idempotency;

/**
 * A running call is not the owner of its record any more: its lease ended, because the
 * process was paused or the store away for too long, and another call may have taken
 * over. Thrown only where a method asks for its {@link IdempotencyContext#fencingNumber
 * fencing number}.
 */
public final class LeaseLostException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	/**
	 * @param operation the name of the operation
	 */
	public LeaseLostException(String operation) {
		super(operation,
				"This call has lost its claim, and another one with the same idempotency key may have taken" + " over",
				null);
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
