package io.idempotency.engine;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The pauses of one waiting caller between two looks at the store: from 10 ms on, each
 * half as long again as the one before up to 200 ms, and none like another caller's.
 */
final class WaitingTime {

	private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(200);

	private final long endsAt;

	private long pause = TimeUnit.MILLISECONDS.toNanos(10);

	WaitingTime(Duration timeout) {
		this.endsAt = System.nanoTime() + timeout.toNanos();
	}

	/**
	 * Pauses.
	 * @return {@code false} at once if the time is over or the thread is interrupted,
	 * which keeps its interrupt status
	 */
	boolean pause() {
		long left = this.endsAt - System.nanoTime();
		if (left <= 0) {
			return false;
		}
		long length = Math.min(left, this.pause - ThreadLocalRandom.current().nextLong(this.pause / 4));
		this.pause = Math.min(LONGEST, this.pause + this.pause / 2);
		long wakeUpAt = System.nanoTime() + length;
		for (long rest = length; rest > 0; rest = wakeUpAt - System.nanoTime()) {
			if (Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.parkNanos(this, rest);
		}
		return true;
	}

}
