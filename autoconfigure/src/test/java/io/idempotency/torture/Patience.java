package io.idempotency.torture;

/**
 * How long a client waits for something final: a while after the last fault has ended.
 */
final class Patience {

	private final long bound;

	private volatile boolean calm;

	private volatile long calmSince;

	/**
	 * @param bound in nanoseconds, since the fault or the operation, whichever is later
	 */
	Patience(long bound) {
		this.bound = bound;
	}

	/** There will be no more faults. */
	void calm() {
		this.calmSince = System.nanoTime();
		this.calm = true;
	}

	boolean isOver(long startedAt) {
		return this.calm && System.nanoTime() - Math.max(startedAt, this.calmSince) > this.bound;
	}

}
