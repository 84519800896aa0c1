package io.idempotency.web;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Where a handler that answers later stands: inside the filter, on its own, or on the way
 * back through the filters outside. Tells who has to end the exchange, and to whom the
 * response belongs meanwhile. Any thread may ask for a dispatch or the completion.
 */
final class AsyncCycle {

	private final ReentrantLock lock = new ReentrantLock();

	private final CapturingResponse response;

	/** Made within a dispatch. */
	private boolean inside = true;

	private boolean started;

	private boolean dispatched;

	private boolean completed;

	AsyncCycle(CapturingResponse response) {
		this.response = response;
	}

	/** A dispatch has reached the filter. */
	void enter() {
		this.lock.lock();
		try {
			this.inside = true;
			this.started = false;
			this.dispatched = false;
			this.completed = false;
			this.response.resume();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The handler has said that it answers later. */
	void start() {
		this.lock.lock();
		try {
			this.started = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A dispatch leaves the filter.
	 * @return whether the handler has still to answer
	 */
	boolean leave() {
		this.lock.lock();
		try {
			this.inside = false;
			if (this.dispatched) {
				this.response.suspend();
			}
			return this.started && !this.completed;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The handler asks for another dispatch. Until that reaches the filter, the response
	 * belongs to the filters outside, which may refuse it.
	 */
	void dispatch() {
		this.lock.lock();
		try {
			this.dispatched = true;
			if (!this.inside) {
				this.response.suspend();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The container did not take the dispatch. */
	void dispatchFailed() {
		this.lock.lock();
		try {
			this.dispatched = false;
			this.response.resume();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The handler asks for the response to be completed. As long as the dispatch that
	 * began it lasts, that is for its end.
	 * @return whether the exchange is to be ended now
	 */
	boolean complete() {
		this.lock.lock();
		try {
			this.completed = true;
			return !this.inside && !this.dispatched;
		}
		finally {
			this.lock.unlock();
		}
	}

}
