package io.idempotency;

/** What a duplicate gets while the first call with its key is still running. */
public enum InProgress {

	/** What {@code idempotency.in-progress} says. */
	DEFAULT,

	/** An {@link OperationInProgressException} at once; over HTTP a 409. */
	REJECT,

	/** The first call's result as soon as it is there, or a refusal after the timeout. */
	WAIT

}
