package io.idempotency.engine;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.idempotency.store.ClaimOutcome;
import org.jspecify.annotations.Nullable;

/** One thread that waits for what somebody else finds out, or for its turn to do so. */
final class Waiter {

	private static final Object WAITING = new Object();

	private static final Object ASKING = new Object();

	private static final Object GONE = new Object();

	private record Told(ClaimOutcome outcome, Queue<Waiter> others) {
	}

	private final Thread thread = Thread.currentThread();

	private final AtomicReference<Object> state = new AtomicReference<>(WAITING);

	private volatile boolean nudged;

	/** Has it ask the store from now on. */
	boolean promote() {
		return become(ASKING);
	}

	/**
	 * Tells it what was found out.
	 * @param others who are to be told the same, by it too
	 */
	void tell(ClaimOutcome outcome, Queue<Waiter> others) {
		become(new Told(outcome, others));
	}

	/** Tells one of the others, if there is one left. */
	static boolean tellNext(ClaimOutcome outcome, Queue<Waiter> others) {
		Waiter next = others.poll();
		if (next != null) {
			next.tell(outcome, others);
		}
		return next != null;
	}

	private boolean become(Object next) {
		boolean changed = this.state.compareAndSet(WAITING, next);
		if (changed) {
			LockSupport.unpark(this.thread);
		}
		return changed;
	}

	/**
	 * Waits no longer.
	 * @return {@code false} if it was told or promoted a moment ago
	 */
	boolean leave() {
		return this.state.compareAndSet(WAITING, GONE);
	}

	boolean isAsking() {
		return this.state.get() == ASKING;
	}

	/** What it was told, and now tells the next. */
	@Nullable ClaimOutcome told() {
		if (!(this.state.get() instanceof Told told)) {
			return null;
		}
		// many hands: to wake ten thousand takes one thread a while
		tellNext(told.outcome(), told.others());
		return told.outcome();
	}

	/** Ends its present pause, or the next one. */
	void nudge() {
		this.nudged = true;
		LockSupport.unpark(this.thread);
	}

	/** Pauses, unless it was nudged or is interrupted. */
	void pause(long nanos) {
		long wakeUpAt = System.nanoTime() + nanos;
		for (long rest = nanos; rest > 0 && !this.nudged; rest = wakeUpAt - System.nanoTime()) {
			if (this.thread.isInterrupted()) {
				return;
			}
			LockSupport.parkNanos(this, rest);
		}
		this.nudged = false;
	}

}
