package io.idempotency.store.redis;

/** What becomes of what is found out about a Redis that may lose records. */
public enum ServerCheck {

	/** A warning in the log, for each connection that shows another state of things. */
	WARN,

	/**
	 * The application does not start. A server that cannot be reached at that time is no
	 * failure: what is found out later is a warning.
	 */
	FAIL,

	/** Nobody asks. */
	OFF

}
