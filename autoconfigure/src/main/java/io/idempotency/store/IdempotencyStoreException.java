package io.idempotency.store;

import org.jspecify.annotations.Nullable;

/**
 * A store could not make a transition, or cannot say whether it made it. Every exception
 * of a driver is translated into this one at the store's edge.
 */
public class IdempotencyStoreException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final boolean answered;

	private final boolean undecided;

	/** The store did not answer: it may be down, and a claim may stand nevertheless. */
	public IdempotencyStoreException(String message, @Nullable Throwable cause) {
		this(message, cause, false, true);
	}

	/**
	 * @param message what happened; holds nothing of a caller
	 * @param cause what the driver said
	 * @param answered whether the store answered and refused, because it is full or
	 * read-only say: nothing was changed, and there may be a record
	 */
	public IdempotencyStoreException(String message, @Nullable Throwable cause, boolean answered) {
		this(message, cause, answered, !answered);
	}

	/**
	 * @param message what happened; holds nothing of a caller
	 * @param cause what the driver said
	 * @param answered whether the store is there
	 * @param undecided whether a claim of this call may stand
	 */
	protected IdempotencyStoreException(String message, @Nullable Throwable cause, boolean answered,
			boolean undecided) {
		super(message, cause);
		this.answered = answered;
		this.undecided = undecided;
	}

	/**
	 * The store is there, so there may be a record of another call, but a claim of this
	 * one may stand too.
	 * @param message what happened; holds nothing of a caller
	 * @param cause what the driver said
	 */
	public static IdempotencyStoreException undecided(String message, @Nullable Throwable cause) {
		return new IdempotencyStoreException(message, cause, true, true);
	}

	/**
	 * Whether the store is there: it answered and refused, say. Such a call never runs
	 * its method, whatever {@code idempotency.on-store-failure} says.
	 */
	public boolean isAnswered() {
		return this.answered;
	}

	/** Whether a claim may stand nevertheless, so that it has to be released. */
	public boolean isUndecided() {
		return this.undecided;
	}

}
