package io.idempotency.sample.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import org.springframework.core.task.AsyncTaskExecutor;

/**
 * Deliveries of events, held until a test lets them happen: in any order, two at the same
 * time, or never, as when the process that would have made them has died.
 */
final class HeldTasks implements AsyncTaskExecutor {

	private final List<Callable<?>> tasks = new ArrayList<>();

	@Override
	public void execute(Runnable task) {
		submit(() -> {
			task.run();
			return null;
		});
	}

	@Override
	public synchronized <T> Future<T> submit(Callable<T> task) {
		this.tasks.add(task);
		return new CompletableFuture<>();
	}

	synchronized boolean isEmpty() {
		return this.tasks.isEmpty();
	}

	synchronized Callable<?> takeAny(Random random) {
		return this.tasks.remove(random.nextInt(this.tasks.size()));
	}

	synchronized Callable<?> takeLast() {
		return this.tasks.remove(this.tasks.size() - 1);
	}

	synchronized void forget() {
		this.tasks.clear();
	}

}
