package io.idempotency.aop;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Work in a thread of its own. */
final class Parallel {

	private Parallel() {
	}

	static <T> CompletableFuture<T> start(Callable<T> work) {
		CompletableFuture<T> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(work.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return result;
	}

}
