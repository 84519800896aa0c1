package io.idempotency;

/**
 * What becomes of a key whose call failed, or whose process died, so that nobody knows
 * whether it took effect.
 */
public enum Recovery {

	/** What {@code idempotency.recovery} says. */
	DEFAULT,

	/**
	 * The key is free, at once or when the lease has ended: the next call runs the
	 * method. For methods that clean up after themselves, as a transaction does.
	 */
	RERUN,

	/**
	 * The key is held for the operation's ttl: duplicates are refused with an
	 * {@link OutcomeUnknownException} until an operator has found out what happened and
	 * removed the record. For effects that cannot be taken back, as a withdrawal.
	 */
	HOLD

}
