package io.idempotency.torture;

/** What becomes of claims and results while something goes wrong. */
enum Claims {

	/** Redis keeps them: nothing may run twice unless its owner was away for a lease. */
	KEPT,

	/**
	 * A node cannot reach Redis for longer than its leases. It goes on, and its callers
	 * get their answers, while others take over.
	 */
	LAPSING,

	/** Redis forgets some: how often something runs twice is measured. */
	FORGOTTEN

}
