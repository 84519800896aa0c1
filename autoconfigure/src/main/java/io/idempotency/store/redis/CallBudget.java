package io.idempotency.store.redis;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/** The time that one call of the store has, all of its commands together. */
final class CallBudget {

	/** A part of it is left for waking up and for telling what came of the call. */
	private static final int REST = 10;

	private final long total;

	private final long deadline;

	/** Begins now. */
	CallBudget(long nanos) {
		this.total = nanos;
		this.deadline = System.nanoTime() + nanos - nanos / REST;
	}

	/** Until when to wait, by {@link System#nanoTime()}. */
	long deadline() {
		return this.deadline;
	}

	/** All of it, for people. */
	long millis() {
		return TimeUnit.NANOSECONDS.toMillis(this.total);
	}

	/**
	 * Waits for a reply.
	 * @param onSilence is told when there was none for half of the budget, so that those
	 * who come later need not wait too
	 * @throws TimeoutException if the budget is used up
	 */
	<T> @Nullable T await(Future<T> reply, Runnable onSilence)
			throws InterruptedException, ExecutionException, TimeoutException {
		long half = this.total / 2;
		long first = Math.max(this.total / REST, Math.min(half, left()));
		try {
			return look(reply, first);
		}
		catch (TimeoutException ex) {
			if (first == half) {
				onSilence.run();
			}
			long left = left();
			if (left == 0) {
				throw ex;
			}
			return look(reply, left);
		}
	}

	/**
	 * Waits for some time. Who wakes up much later than that was paused, as was the whole
	 * process perhaps: the reply may be there unread, so another look is due.
	 */
	private <T> @Nullable T look(Future<T> reply, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		long moment = this.total / REST;
		long wakeAt = System.nanoTime() + nanos;
		try {
			return reply.get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			if (System.nanoTime() - wakeAt < moment) {
				throw ex;
			}
			return reply.get(moment, TimeUnit.NANOSECONDS);
		}
	}

	private long left() {
		return Math.max(0, this.deadline - System.nanoTime());
	}

}
