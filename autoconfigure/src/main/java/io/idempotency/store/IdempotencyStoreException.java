package io.idempotency.store;

import org.jspecify.annotations.Nullable;

/**
 * A store could not make a transition, or cannot say whether it made it. Every exception
 * of a driver is translated into this one at the store's edge.
 */
public class IdempotencyStoreException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public IdempotencyStoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
