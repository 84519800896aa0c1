package io.idempotency.client;

import io.idempotency.Fingerprint;
import org.jspecify.annotations.Nullable;

/** One logical call of a place, whatever number of requests it takes. For all threads. */
final class OutgoingCall {

	private final int ordinal;

	private @Nullable Fingerprint body;

	private boolean failed;

	/** How often it was requested. */
	private int requests;

	OutgoingCall(int ordinal) {
		this.ordinal = ordinal;
	}

	/** How many calls of the same place there were before. */
	int ordinal() {
		return this.ordinal;
	}

	/** Another request for it is about to be made; returns which one. */
	synchronized int request(Fingerprint newBody) {
		this.body = newBody;
		this.failed = false;
		return ++this.requests;
	}

	/**
	 * A request is on its way, or had its answer.
	 * @param request which one: what becomes of an earlier one says nothing any more
	 * @param failed whether there was no answer, or none that is final
	 */
	synchronized void settled(int request, boolean failed) {
		if (request == this.requests) {
			this.failed = failed;
		}
	}

	synchronized boolean asks(Fingerprint otherBody) {
		return otherBody.equals(this.body);
	}

	synchronized boolean isRetriedBy(Fingerprint otherBody) {
		return this.failed && asks(otherBody);
	}

}
