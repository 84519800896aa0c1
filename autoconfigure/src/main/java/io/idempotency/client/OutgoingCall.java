package io.idempotency.client;

import io.idempotency.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * One logical call of a place, whatever number of requests it takes. Its fields change
 * under the lock of its ledger, and are settled by whatever thread has the answer.
 */
final class OutgoingCall {

	private final int ordinal;

	private volatile @Nullable Fingerprint body;

	private volatile boolean failed;

	OutgoingCall(int ordinal) {
		this.ordinal = ordinal;
	}

	/** How many calls of the same place there were before. */
	int ordinal() {
		return this.ordinal;
	}

	/** Another request for it is about to be made. */
	OutgoingCall request(Fingerprint newBody) {
		this.body = newBody;
		this.failed = false;
		return this;
	}

	/** Its request had no answer, or none that is final. */
	void failed() {
		this.failed = true;
	}

	boolean asks(Fingerprint otherBody) {
		return otherBody.equals(this.body);
	}

	boolean isRetriedBy(Fingerprint otherBody) {
		return this.failed && asks(otherBody);
	}

}
