package io.idempotency.torture;

/**
 * One request of a client, and what came back.
 *
 * @param node the application that was asked
 * @param sentAt when, by the harness' clock
 * @param answeredAt when the answer was read, or given up
 * @param status of the answer, or {@link #NONE}
 * @param replay whether the answer says that it is a replay
 * @param body of the answer
 */
record Exchange(String node, long sentAt, long answeredAt, int status, boolean replay, String body) {

	/** There was no answer: a timeout, or the connection ended. */
	static final int NONE = 0;

	boolean isSuccess() {
		return this.status / 100 == 2;
	}

	boolean isUnknownOutcome() {
		return isProblem("outcome-unknown");
	}

	boolean isProblem(String word) {
		return this.body.contains("urn:idempotency:problem:" + word);
	}

}
