package io.idempotency.torture;

/**
 * A time in which a node could not renew its leases: it was killed, paused, or cut off.
 *
 * @param node which
 * @param from when it began
 * @param to when it ended; of a killed node, never
 */
record Absence(String node, long from, long to) {

	static final long NEVER = Long.MAX_VALUE;

	long length() {
		return (this.to == NEVER) ? NEVER : this.to - this.from;
	}

}
