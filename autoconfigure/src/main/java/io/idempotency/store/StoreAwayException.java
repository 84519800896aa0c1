package io.idempotency.store;

import org.jspecify.annotations.Nullable;

/**
 * A store is known to be away, so it was not asked: nothing was sent, and no claim of
 * this call can stand.
 */
public class StoreAwayException extends IdempotencyStoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * @param message since when, and why that is known; holds nothing of a caller
	 * @param cause what the driver said last
	 */
	public StoreAwayException(String message, @Nullable Throwable cause) {
		super(message, cause, false, false);
	}

}
