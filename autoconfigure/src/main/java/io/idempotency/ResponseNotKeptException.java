package io.idempotency;

/**
 * The first call with this key took effect, but its result was too large or could not be
 * rendered, or came too late for its caller, so there is nothing to replay.
 */
public final class ResponseNotKeptException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	public ResponseNotKeptException(String operation) {
		super(operation,
				"An earlier call with this idempotency key took effect, or may have, but its result was not kept",
				null);
	}

	@Override
	public boolean isRetryable() {
		return false;
	}

}
