package io.idempotency.engine;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.RecordWatcher;
import org.jspecify.annotations.Nullable;

/**
 * All callers of this process who wait for one record. One of them asks the store, by
 * claiming, and tells the others when it finds a result. One who wins the claim tells
 * nobody: the others wait on for what it will make of it. Whoever asks and leaves hands
 * over to the next in line, so however many wait, the store has one of them to answer.
 * <p>
 * Between two looks are pauses from 10 ms on, each half as long again as the one before,
 * up to 200 ms. A store that tells when the record changes is asked right then, and else
 * only once a second, in case its word is lost.
 */
final class WaitingRoom {

	private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

	private static final long LONGEST_WATCHED_PAUSE = TimeUnit.SECONDS.toNanos(1);

	private static final int CLOSED = -1;

	private final @Nullable RecordWatcher watcher;

	private final Queue<Waiter> line = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean attended = new AtomicBoolean();

	private volatile @Nullable Waiter asking;

	/** How many callers there are, or {@link #CLOSED}. */
	private final AtomicInteger callers = new AtomicInteger();

	WaitingRoom(@Nullable RecordWatcher watcher) {
		this.watcher = watcher;
	}

	/**
	 * Lets one more in.
	 * @return {@code false} if the last one has left for good
	 */
	boolean enter() {
		return this.callers.getAndUpdate((count) -> (count == CLOSED) ? CLOSED : count + 1) != CLOSED;
	}

	/**
	 * Lets one out.
	 * @return whether that was the last one, so that nobody comes in any more
	 */
	boolean leave() {
		return this.callers.decrementAndGet() == 0 && this.callers.compareAndSet(0, CLOSED);
	}

	/** The record may have changed. */
	void nudge() {
		Waiter current = this.asking;
		if (current != null) {
			current.nudge();
		}
	}

	/**
	 * Waits while the record is pending with the caller's fingerprint.
	 * @param ask claims
	 * @param endsAt when the time is over, by {@link System#nanoTime()}
	 * @return what there is instead, or {@code null} when the time is over or the thread
	 * is interrupted, which keeps its interrupt status
	 */
	@Nullable ClaimOutcome await(Claim claim, Supplier<ClaimOutcome> ask, long endsAt) {
		Waiter self = new Waiter();
		this.line.add(self);
		if (this.attended.compareAndSet(false, true)) {
			handOver();
		}
		while (true) {
			if (self.isAsking()) {
				try {
					return ask(self, claim, ask, endsAt);
				}
				finally {
					this.asking = null;
					handOver();
				}
			}
			ClaimOutcome told = self.told();
			if (told != null) {
				return told;
			}
			long left = endsAt - System.nanoTime();
			if (left > 0 && !Thread.currentThread().isInterrupted()) {
				LockSupport.parkNanos(this, left);
			}
			else if (self.leave()) {
				return null;
			}
		}
	}

	/** Has the next in line ask, if there is one. */
	private void handOver() {
		do {
			for (Waiter next = this.line.poll(); next != null; next = this.line.poll()) {
				if (next.promote()) {
					return;
				}
			}
			this.attended.set(false);
			// somebody may have come between the last look and this
		}
		while (!this.line.isEmpty() && this.attended.compareAndSet(false, true));
	}

	private @Nullable ClaimOutcome ask(Waiter self, Claim claim, Supplier<ClaimOutcome> ask, long endsAt) {
		this.asking = self;
		long pause = FIRST_PAUSE;
		CompletableFuture<Void> change = watch(claim, self);
		long watchedAt = System.nanoTime();
		while (true) {
			long left = endsAt - System.nanoTime();
			if (left <= 0 || Thread.currentThread().isInterrupted()) {
				return null;
			}
			self.pause(Math.min(left, pause - ThreadLocalRandom.current().nextLong(pause / 4)));
			if (Thread.currentThread().isInterrupted()) {
				return null;
			}
			ClaimOutcome outcome = ask.get();
			if (!(outcome instanceof ClaimOutcome.Pending pending)
					|| !pending.fingerprint().equals(claim.fingerprint())) {
				share(outcome);
				return outcome;
			}
			if (change != null && change.isDone() && System.nanoTime() - watchedAt >= pause) {
				// after a renewal, mostly, and not at once: a store that tells of changes
				// that are none must not have us ask without a pause
				change = watch(claim, self);
				watchedAt = System.nanoTime();
			}
			pause = Math.min(pause + pause / 2,
					(change != null && !change.isDone()) ? LONGEST_WATCHED_PAUSE : LONGEST_PAUSE);
		}
	}

	private void share(ClaimOutcome outcome) {
		if (outcome instanceof ClaimOutcome.Completed || outcome instanceof ClaimOutcome.Unknown) {
			// those who are here now: who comes later may have seen something else
			Queue<Waiter> present = new ConcurrentLinkedQueue<>();
			for (Waiter next = this.line.poll(); next != null; next = this.line.poll()) {
				present.add(next);
			}
			while (Waiter.tellNext(outcome, present)) {
				// until all know
			}
		}
	}

	private @Nullable CompletableFuture<Void> watch(Claim claim, Waiter self) {
		if (this.watcher == null) {
			return null;
		}
		CompletableFuture<Void> change = this.watcher.watch(claim.key());
		var unused = change.thenRun(self::nudge);
		return change;
	}

}
