package io.idempotency;

import org.jspecify.annotations.Nullable;

/**
 * A call of a method with {@link IdempotentStream} did not say which stream it belongs
 * to, or at which position it stands. The method did not run, and will not however often
 * the message comes.
 */
public final class StreamPositionException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String operation;

	/**
	 * @param operation the name of the operation
	 * @param what is wrong; holds nothing of the message
	 * @param cause if there is one
	 */
	public StreamPositionException(String operation, String what, @Nullable Throwable cause) {
		super("A call of " + operation + " cannot be placed in its stream: " + what, cause);
		this.operation = operation;
	}

	/** The name of the operation that was called. */
	public String getOperation() {
		return this.operation;
	}

}
