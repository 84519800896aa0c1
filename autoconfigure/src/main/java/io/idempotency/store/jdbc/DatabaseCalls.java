package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.sql.DataSource;

import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreAwayException;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Makes each call within its time budget, however long a pool lets its callers wait and
 * however long a driver waits for the network: on threads of the store's own, which end
 * when they have nothing to do. Where exceptions of a driver become the store's.
 */
final class DatabaseCalls {

	private static final int THREADS = 16;

	/** More calls that nobody waits for are not begun. */
	private static final int MAX_WAITING = 1000;

	/** A part of the budget is left for waking up and for telling what came of it. */
	private static final int REST = 10;

	private final ThreadPoolExecutor threads;

	private final DatabaseLink link;

	private final Duration timeout;

	DatabaseCalls(DataSource dataSource, Duration timeout) {
		this.link = new DatabaseLink(dataSource, timeout);
		this.timeout = timeout;
		CustomizableThreadFactory factory = new CustomizableThreadFactory("idempotency-jdbc-");
		factory.setDaemon(true);
		this.threads = new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				factory);
		this.threads.allowCoreThreadTimeOut(true);
	}

	/**
	 * Makes a call and waits for what comes of it.
	 * @throws StoreAwayException if nothing was sent
	 * @throws IdempotencyStoreException if it failed
	 */
	<T> T make(DatabaseCall.Step<T> step) {
		DatabaseCall<T> call = new DatabaseCall<>(this.link, step);
		FutureTask<T> task = new FutureTask<>(call);
		this.threads.execute(task);
		try {
			return patiently(task);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof IdempotencyStoreException failure) ? failure
					: new IdempotencyStoreException("The database failed: " + ex.getCause(), ex.getCause());
		}
		catch (TimeoutException ex) {
			String within = " within " + this.timeout.toMillis() + " ms";
			throw isGivenUpInTime(call, task)
					? new StoreAwayException("There was no connection to the database" + within, ex)
					: new IdempotencyStoreException("The database did not answer" + within, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw isGivenUpInTime(call, task)
					? new StoreAwayException("Interrupted while waiting for a connection to the database", ex)
					: new IdempotencyStoreException("Interrupted while waiting for the database", ex);
		}
	}

	/**
	 * Waits for an answer. Who wakes up much later than asked for was paused, as was the
	 * whole process perhaps: the answer may be there unread, so another look is due.
	 */
	private <T> T patiently(FutureTask<T> task) throws InterruptedException, ExecutionException, TimeoutException {
		long rest = this.timeout.toNanos() / REST;
		long left = this.timeout.toNanos() - rest;
		long wakeAt = System.nanoTime() + left;
		try {
			return task.get(left, TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			if (System.nanoTime() - wakeAt < rest) {
				throw ex;
			}
			return task.get(rest, TimeUnit.NANOSECONDS);
		}
	}

	DatabaseLink link() {
		return this.link;
	}

	/** Whether nothing was sent of a call that nobody waits for any more. */
	private boolean isGivenUpInTime(DatabaseCall<?> call, FutureTask<?> task) {
		if (!call.giveUp()) {
			return false;
		}
		// only a thread that waits is interrupted: some drivers break when they work
		task.cancel(true);
		this.threads.remove(task);
		return true;
	}

	/**
	 * Makes a call that nobody waits for. Fails with what {@link #make} would throw, or
	 * if too many are waiting.
	 */
	<T> CompletionStage<T> later(DatabaseCall.Step<T> step) {
		if (this.threads.getQueue().size() > MAX_WAITING) {
			return CompletableFuture.failedFuture(new StoreAwayException("The database is too slow", null));
		}
		return CompletableFuture.supplyAsync(() -> new DatabaseCall<>(this.link, step).call(), this.threads);
	}

}
