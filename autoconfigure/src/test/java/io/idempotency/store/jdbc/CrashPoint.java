package io.idempotency.store.jdbc;

/** Where a process may die between the claim of a key and the answer to its caller. */
enum CrashPoint {

	/** Nothing was sent to the store. */
	BEFORE_CLAIM("before the claim"),

	/** The store has answered that the key is the caller's. */
	CLAIMED("the key is claimed"),

	/** The handler runs. */
	BEFORE_WRITE("the handler is about to write"),

	/** What the handler writes was sent to the database, and not committed. */
	WRITTEN("the handler has written, not committed"),

	/** The handler has returned a value; its own transaction, if any, is committed. */
	RETURNED("the handler has returned"),

	/** The value is a response that is kept back. */
	RENDERED("the response is rendered"),

	/**
	 * The result was written and is about to be committed, or is about to be sent to a
	 * store of leases.
	 */
	BEFORE_COMPLETION("the result is about to be committed, or sent to the store"),

	/** The store has the result, the client has nothing. */
	COMPLETED("the result is stored, no byte has left");

	private final String text;

	CrashPoint(String text) {
		this.text = text;
	}

	/** For people. */
	String text() {
		return (ordinal() + 1) + " " + this.text;
	}

	/** Whether another request with the key is refused meanwhile. */
	boolean isInProgress() {
		return this != BEFORE_CLAIM && this != COMPLETED;
	}

	/** Whether what a handler wrote in a transaction of its own is committed. */
	boolean isAfterHandler() {
		return compareTo(RETURNED) >= 0;
	}

}
