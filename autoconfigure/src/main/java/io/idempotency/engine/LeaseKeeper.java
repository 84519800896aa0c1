package io.idempotency.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Renews the leases of calls that take long and settles what a store did not take at
 * once, for all operations, on threads of its own that are no beans of the application. A
 * call that ends before a third of its lease costs it two operations on a concurrent set
 * and no work on the scheduler.
 * <p>
 * One thread looks around and never calls a store. What it finds goes to a few threads
 * per {@link Tended.Need}, which end when they have nothing to do: a store or a shard
 * that hangs holds up the others' leases no longer than one look at each of its records.
 * <p>
 * At shutdown it makes a last attempt at what is still owed, after the web server has
 * drained and before the Redis connection closes.
 */
public final class LeaseKeeper implements SmartLifecycle {

	/**
	 * Above Spring Data's connection factories (0) and our stores, below any web server.
	 */
	private static final int PHASE = 1024;

	/** More than this is not kept waiting for a store that fails. */
	private static final int MAX_OWED = 10_000;

	private static final int ROUNDS_PER_LEASE = 12;

	private static final long SLOWEST_ROUND = TimeUnit.SECONDS.toNanos(1);

	private static final long FASTEST_ROUND = TimeUnit.MILLISECONDS.toNanos(10);

	private static final Duration LAST_ATTEMPTS = Duration.ofSeconds(5);

	private static final Map<Tended.Need, Integer> THREADS = Map.of(Tended.Need.RENEWAL, 16, Tended.Need.FAILED_RENEWAL,
			4, Tended.Need.RESULT, 16, Tended.Need.RELEASE, 4);

	private static final Log logger = LogFactory.getLog(LeaseKeeper.class);

	private final Charges tended = new Charges();

	private final Set<Tended> busy = ConcurrentHashMap.newKeySet();

	private final Map<Tended.Need, ThreadPoolExecutor> lanes = new EnumMap<>(Tended.Need.class);

	private final ScheduledThreadPoolExecutor scheduler;

	/**
	 * No monitor: the scheduler's own lock may block, and so would pin a virtual thread.
	 */
	private final ReentrantLock quickening = new ReentrantLock();

	private volatile long period = Long.MAX_VALUE;

	private @Nullable ScheduledFuture<?> rounds;

	private volatile boolean running = true;

	public LeaseKeeper() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("idempotency-leases-");
		threads.setDaemon(true);
		this.scheduler = new ScheduledThreadPoolExecutor(1, threads);
		this.scheduler.setRemoveOnCancelPolicy(true);
		// after the end nobody is looked after, and nobody fails for that
		this.scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
		THREADS.forEach((need, count) -> {
			ThreadPoolExecutor lane = new ThreadPoolExecutor(count, count, 5, TimeUnit.SECONDS,
					new LinkedBlockingQueue<>(), threads);
			lane.allowCoreThreadTimeOut(true);
			this.lanes.put(need, lane);
		});
	}

	/** Looks after something from now on. */
	void watch(Tended charge) {
		this.tended.add(charge);
		long needed = Math.max(FASTEST_ROUND, Math.min(SLOWEST_ROUND, charge.lease().toNanos() / ROUNDS_PER_LEASE));
		if (needed < this.period) {
			quicken(needed);
		}
	}

	/**
	 * Looks at something once more before the next round: what a store did not take for a
	 * moment only does not wait for long, and its lease may be short.
	 */
	void lookSoon(Tended charge, long nanos) {
		Runnable look = () -> {
			var unused = submit(charge, charge.need(System.nanoTime()));
		};
		var unused = this.scheduler.schedule(look, nanos, TimeUnit.NANOSECONDS);
	}

	void forget(Tended charge) {
		this.tended.remove(charge);
	}

	/** Whether there is room for something that a failing store left behind. */
	boolean hasRoom() {
		return this.tended.size() < MAX_OWED;
	}

	/** The same for a key that is to be free: results take precedence. */
	boolean hasRoomForReleases() {
		return this.tended.size() < MAX_OWED / 2;
	}

	/** Whether there is room for what is merely looked after to be sure. */
	boolean hasAmpleRoom() {
		return this.tended.size() < MAX_OWED / 10;
	}

	private void quicken(long needed) {
		this.quickening.lock();
		try {
			if (needed >= this.period) {
				return;
			}
			if (this.rounds != null) {
				this.rounds.cancel(false);
			}
			this.period = needed;
			this.rounds = this.scheduler.scheduleWithFixedDelay(this::round, needed, needed, TimeUnit.NANOSECONDS);
		}
		finally {
			this.quickening.unlock();
		}
	}

	private void round() {
		try {
			long now = System.nanoTime();
			this.tended.stream().forEach((charge) -> {
				var unused = submit(charge, charge.need(now));
			});
		}
		catch (Throwable ex) {
			// whatever it is, the next round has to come: leases depend on it
			logger.error("Leases could not be looked after", ex);
		}
	}

	private @Nullable Future<?> submit(Tended charge, Tended.Need need) {
		ThreadPoolExecutor lane = this.lanes.get(need);
		if (lane == null || !this.busy.add(charge)) {
			return null;
		}
		return lane.submit(() -> tend(charge));
	}

	private void tend(Tended charge) {
		try {
			if (!charge.tend()) {
				forget(charge);
			}
		}
		catch (Throwable ex) {
			logger.error("A record could not be looked after", ex);
		}
		finally {
			this.busy.remove(charge);
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	/**
	 * Tries once more what is owed, results before releases, for a few seconds at the
	 * most. What still runs is looked after until the process ends.
	 */
	@Override
	public void stop() {
		this.running = false;
		long deadline = System.nanoTime() + LAST_ATTEMPTS.toNanos();
		for (Tended.Need need : new Tended.Need[] { Tended.Need.RESULT, Tended.Need.RELEASE }) {
			this.tended.stream()
				.filter((charge) -> charge.need(Long.MAX_VALUE) == need)
				.map((charge) -> submit(charge, need))
				.toList()
				.forEach((attempt) -> await(attempt, deadline));
		}
		long owed = this.tended.stream().filter(Tended::isOwed).count();
		if (owed > 0) {
			logger.warn(owed + " calls were still running or could not be settled at shutdown: when their"
					+ " leases end, their keys are free again, or held where the operation says so");
		}
	}

	private static void await(@Nullable Future<?> attempt, long deadline) {
		try {
			if (attempt != null) {
				attempt.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.debug("A last attempt did not end in time", ex);
		}
	}

	/** Ends all threads. What is still running keeps its lease, unrenewed. */
	public void close() {
		this.scheduler.shutdownNow();
		this.lanes.values().forEach(ThreadPoolExecutor::shutdownNow);
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
