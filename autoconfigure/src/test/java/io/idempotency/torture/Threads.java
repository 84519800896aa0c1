package io.idempotency.torture;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Threads that do not keep the harness alive, and pauses that fill their time. */
final class Threads {

	private Threads() {
	}

	static Thread start(String name, Runnable work) {
		Thread thread = new Thread(work, "torture-" + name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	/** Lets so many milliseconds pass. */
	static void pause(long millis) {
		pauseUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
	}

	/** Waits until that moment of {@link System#nanoTime()}. */
	static void pauseUntil(long moment) {
		for (long rest = moment - System.nanoTime(); rest > 0; rest = moment - System.nanoTime()) {
			if (Thread.currentThread().isInterrupted()) {
				throw new IllegalStateException("Interrupted");
			}
			LockSupport.parkNanos(rest);
		}
	}

}
