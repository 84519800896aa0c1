package io.idempotency.messaging;

/**
 * The key of a message whose annotation gives none.
 *
 * @param text tells it from all others
 * @param unique whether nothing else can have it, so that there is nothing to compare
 */
record MessageKey(String text, boolean unique) {

	/** A key is not for logs. */
	@Override
	public String toString() {
		return "MessageKey[]";
	}

}
