package io.idempotency.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Renews the leases of calls that take long and stores results that a store did not take
 * at once, for all operations, on one thread of its own that is no bean of the
 * application. A call that ends before a third of its lease costs it two operations on a
 * concurrent set and no work on the scheduler.
 * <p>
 * Stops after the web server has drained and before the Redis connection closes, and
 * makes a last attempt at what is still owed.
 */
public final class LeaseKeeper implements SmartLifecycle {

	/** Above Spring Data's connection factories (0), below any web server. */
	private static final int PHASE = 1024;

	/** A round that meets this many failures ends: the store is down, not one record. */
	private static final int MAX_FAILURES_PER_ROUND = 3;

	/** More results and releases than this are not kept waiting for a store. */
	private static final int MAX_TENDED_AFTER_FAILURE = 10_000;

	private static final int ROUNDS_PER_LEASE = 6;

	private static final long SLOWEST_ROUND = TimeUnit.SECONDS.toNanos(1);

	private static final long FASTEST_ROUND = TimeUnit.MILLISECONDS.toNanos(10);

	private static final Log logger = LogFactory.getLog(LeaseKeeper.class);

	private final Set<Tended> tended = ConcurrentHashMap.newKeySet();

	private final ScheduledThreadPoolExecutor scheduler;

	private volatile long period = Long.MAX_VALUE;

	private @Nullable ScheduledFuture<?> rounds;

	private volatile boolean running = true;

	public LeaseKeeper() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("idempotency-leases-");
		threads.setDaemon(true);
		this.scheduler = new ScheduledThreadPoolExecutor(1, threads);
		this.scheduler.setRemoveOnCancelPolicy(true);
	}

	/** Looks after something from now on. */
	void watch(Tended charge) {
		this.tended.add(charge);
		long needed = Math.max(FASTEST_ROUND, Math.min(SLOWEST_ROUND, charge.lease().toNanos() / ROUNDS_PER_LEASE));
		if (needed < this.period) {
			quicken(needed);
		}
	}

	void forget(Tended charge) {
		this.tended.remove(charge);
	}

	/** Whether there is room for something that a failing store left behind. */
	boolean hasRoom() {
		return this.running && this.tended.size() < MAX_TENDED_AFTER_FAILURE;
	}

	private synchronized void quicken(long needed) {
		if (needed >= this.period || !this.running) {
			return;
		}
		if (this.rounds != null) {
			this.rounds.cancel(false);
		}
		this.period = needed;
		this.rounds = this.scheduler.scheduleWithFixedDelay(this::round, needed, needed, TimeUnit.NANOSECONDS);
	}

	private void round() {
		int failures = 0;
		for (Tended charge : this.tended) {
			if (care(charge, false) == Tended.Care.STORE_FAILED && ++failures == MAX_FAILURES_PER_ROUND) {
				return;
			}
		}
	}

	private Tended.Care care(Tended charge, boolean last) {
		try {
			Tended.Care care = last ? charge.finish() : charge.tend(System.nanoTime());
			if (care == Tended.Care.OVER) {
				forget(charge);
			}
			return care;
		}
		catch (RuntimeException ex) {
			// a fault of a store's code must not end the renewal of all other leases
			logger.error("A lease could not be looked after", ex);
			return Tended.Care.STORE_FAILED;
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public synchronized void stop() {
		if (this.rounds != null) {
			this.rounds.cancel(false);
			this.rounds = null;
		}
		this.period = Long.MAX_VALUE;
		this.running = false;
		int failures = 0;
		for (Tended charge : this.tended) {
			if (failures < MAX_FAILURES_PER_ROUND && care(charge, true) == Tended.Care.STORE_FAILED) {
				failures++;
			}
		}
		if (!this.tended.isEmpty()) {
			logger.warn(this.tended.size() + " calls were still running or could not be stored at shutdown: their"
					+ " keys are free again when their leases end");
		}
	}

	/** Ends the thread. What is still running keeps its lease, unrenewed. */
	public void close() {
		this.scheduler.shutdownNow();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
