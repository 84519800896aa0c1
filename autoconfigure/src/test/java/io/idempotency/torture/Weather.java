package io.idempotency.torture;

import java.util.concurrent.ThreadLocalRandom;

/** What a proxy does to the bytes that pass it. For all threads. */
final class Weather {

	private boolean held;

	private volatile boolean deaf;

	private volatile int shortest;

	private volatile int longest;

	/**
	 * Nothing passes from now on, in neither direction. What is sent waits, as it does in
	 * the memory of a kernel that repeats it until the network is back.
	 */
	synchronized void hold() {
		this.held = true;
	}

	/** Lets everything pass, what waited first. */
	synchronized void clear() {
		this.held = false;
		this.deaf = false;
		this.longest = 0;
		this.shortest = 0;
		notifyAll();
	}

	/** Replies are lost from now on. */
	void loseReplies() {
		this.deaf = true;
	}

	boolean losesReplies() {
		return this.deaf;
	}

	/** Bytes take their time from now on, in each direction, in milliseconds. */
	void slow(int from, int to) {
		this.shortest = from;
		this.longest = to;
	}

	/** Waits as long as bytes have to that are here now. */
	void await() throws InterruptedException {
		int max = this.longest;
		if (max > 0) {
			Threads.pause(ThreadLocalRandom.current().nextInt(Math.min(this.shortest, max - 1), max));
		}
		synchronized (this) {
			while (this.held) {
				wait();
			}
		}
	}

}
