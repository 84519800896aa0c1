package io.idempotency;

import org.jspecify.annotations.Nullable;

/**
 * A call that the library refused: its method did not run, or its result cannot be given
 * again. Over HTTP each is answered with a problem of its own (RFC 9457).
 */
public abstract class IdempotencyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String operation;

	protected IdempotencyException(String operation, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.operation = operation;
	}

	/** The name of the operation that was called. */
	public String getOperation() {
		return this.operation;
	}

	/** Whether the same call with the same key may succeed later. */
	public abstract boolean isRetryable();

}
