package io.idempotency;

import java.time.Duration;

/** The caller has brought more new keys than it may within a window of time. */
public final class TooManyKeysException extends IdempotencyException {

	private static final long serialVersionUID = 1L;

	private final Duration retryAfter;

	/**
	 * @param operation the name of the operation
	 * @param retryAfter how long it is until new keys are taken again
	 */
	public TooManyKeysException(String operation, Duration retryAfter) {
		super(operation, "The caller has used too many new idempotency keys in a short time", null);
		this.retryAfter = retryAfter;
	}

	/** How long it is until new keys are taken again. */
	public Duration getRetryAfter() {
		return this.retryAfter;
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
