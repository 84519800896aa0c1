package io.idempotency.torture;

/**
 * One run of a handler, as the ledger saw it. Moments are those of the harness, in
 * nanoseconds.
 *
 * @param key the caller's
 * @param id of this run alone
 * @param node the application that ran it
 * @param begunAt when the handler was entered
 * @param effectAt when it took effect, or {@link #NEVER}
 * @param failedAt when it gave up without an effect, or {@link #NEVER}
 */
record Run(String key, String id, String node, long begunAt, long effectAt, long failedAt) {

	static final long NEVER = Long.MAX_VALUE;

	static Run begun(String key, String id, String node, long now) {
		return new Run(key, id, node, now, NEVER, NEVER);
	}

	Run tookEffect(long now) {
		return new Run(this.key, this.id, this.node, this.begunAt, now, NEVER);
	}

	Run failed(long now) {
		return new Run(this.key, this.id, this.node, this.begunAt, NEVER, now);
	}

	boolean hasEffect() {
		return this.effectAt != NEVER;
	}

	/** What this run, and no other, answers. */
	String answer() {
		return answer(this.key, this.id, this.node);
	}

	static String answer(String key, String id, String node) {
		return key + " " + id + " " + node;
	}

}
