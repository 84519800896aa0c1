package io.idempotency.web;

import org.jspecify.annotations.Nullable;

/**
 * What became of the handler under a claim, and so of its key. Told by one thread after
 * another, or by a container's and the handler's at once.
 */
final class HandlerFate {

	/** What becomes of a key. */
	enum Key {

		/** Taken, with the response. */
		STORED,

		/** Taken, without one. */
		DONE,

		/** Freed, or held if the operation says so. */
		FAILED,

		/** Freed. */
		FREE

	}

	private final StorageVerdict verdict;

	/**
	 * The handler gave its value, now or later: what fails from here on is not its own.
	 */
	private volatile boolean returned;

	/** Something failed after that: the method took effect, its answer is lost. */
	private volatile boolean failedAfterReturn;

	/** Nobody got an answer. */
	private volatile boolean answerLost;

	/** The handler threw. */
	private volatile boolean threw;

	HandlerFate(StorageVerdict verdict) {
		this.verdict = verdict;
	}

	/** The handler is about to run. */
	void begin() {
		this.returned = false;
		this.failedAfterReturn = false;
		this.answerLost = false;
		this.threw = false;
	}

	/**
	 * The handler gave its value: its method has returned, or what it promised is there.
	 */
	void returned() {
		this.returned = true;
	}

	/** An exception is on its way, from the handler or from what comes after it. */
	void failed(@Nullable Exception ex) {
		if (this.returned) {
			this.failedAfterReturn = true;
		}
		else {
			this.threw = true;
			this.verdict.threw(ex);
		}
	}

	/** What the handler promised will not come: it failed, as if it had thrown that. */
	void promiseBroken() {
		this.returned = false;
	}

	/**
	 * The handler's promise was not kept in time: it may still be at work, so whatever
	 * the answer is, nothing frees the key.
	 */
	void overtaken() {
		this.returned = true;
		this.failedAfterReturn = true;
	}

	/** As before, and nobody is there for an answer, so there is none to be stored. */
	void lost() {
		overtaken();
		this.answerLost = true;
	}

	/** Whether the handler ended with an exception, whatever was made of it. */
	boolean threw() {
		return this.threw;
	}

	/** What becomes of the key, if the handler's side ended with a response. */
	Key after(CapturingResponse response) {
		if (!this.answerLost && this.verdict.isStored(response, this.failedAfterReturn)) {
			return Key.STORED;
		}
		if (this.failedAfterReturn) {
			return Key.DONE;
		}
		return (this.threw && response.finalStatus() >= 500) ? Key.FAILED : Key.FREE;
	}

	/** What becomes of the key, if the container has to answer. */
	Key afterException() {
		return this.returned ? Key.DONE : Key.FAILED;
	}

}
