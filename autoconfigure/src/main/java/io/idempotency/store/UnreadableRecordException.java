package io.idempotency.store;

import org.jspecify.annotations.Nullable;

/**
 * There is a record, but this version of the library cannot read it. The key is taken, so
 * the method must not run, whatever {@code idempotency.on-store-failure} says.
 */
public final class UnreadableRecordException extends IdempotencyStoreException {

	private static final long serialVersionUID = 1L;

	public UnreadableRecordException(String message) {
		this(message, null);
	}

	public UnreadableRecordException(String message, @Nullable Throwable cause) {
		super(message, cause, true);
	}

}
