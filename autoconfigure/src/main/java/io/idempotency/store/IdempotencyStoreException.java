package io.idempotency.store;

import org.jspecify.annotations.Nullable;

/**
 * A store could not make a transition, or cannot say whether it made it. Every exception
 * of a driver is translated into this one at the store's edge.
 */
public class IdempotencyStoreException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final boolean answered;

	/** The store did not answer: it may be down, and a claim may stand nevertheless. */
	public IdempotencyStoreException(String message, @Nullable Throwable cause) {
		this(message, cause, false);
	}

	/**
	 * @param message what happened; holds nothing of a caller
	 * @param cause what the driver said
	 * @param answered whether the store answered and refused, because it is full or
	 * read-only say: nothing was changed, and there may be a record
	 */
	public IdempotencyStoreException(String message, @Nullable Throwable cause, boolean answered) {
		super(message, cause);
		this.answered = answered;
	}

	/**
	 * Whether the store answered and refused. Such a call never runs its method, whatever
	 * {@code idempotency.on-store-failure} says.
	 */
	public boolean isAnswered() {
		return this.answered;
	}

}
