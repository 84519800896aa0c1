package io.idempotency.torture;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import static org.awaitility.Awaitility.await;

/**
 * A client as real ones are: it asks any node, hangs up when an answer takes too long,
 * tries again after a pause that grows, at another node maybe, until it knows; and often
 * it asks twice, at the same time or after it had its answer.
 */
final class Client {

	private static final int TIMEOUT = 1000;

	private static final int IMPATIENT = 25;

	private static final int LONGEST_PAUSE = 250;

	private final List<ApplicationNode> nodes;

	private final Wire wire;

	private final Patience patience;

	private final Executor duplicates;

	Client(List<ApplicationNode> nodes, Wire wire, Patience patience, Executor duplicates) {
		this.nodes = nodes;
		this.wire = wire;
		this.patience = patience;
		this.duplicates = duplicates;
	}

	/**
	 * Waits until each node serves.
	 * @param key what keys of its own start with
	 */
	void awaitSuccess(String key) {
		for (ApplicationNode node : this.nodes) {
			AtomicInteger tries = new AtomicInteger();
			await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(() -> {
				String own = key + node.name() + tries.getAndIncrement();
				return this.wire.send(node, new Operation(own, false, 0, false, 0), TIMEOUT).isSuccess();
			});
		}
	}

	/** Sees an operation to its end. */
	void run(Operation operation) {
		CompletableFuture<Void> twin = chance(50)
				? CompletableFuture.runAsync(() -> send(operation, TIMEOUT), this.duplicates)
				: CompletableFuture.completedFuture(null);
		insist(operation, operation.startedAt());
		twin.join();
		if (chance(50)) {
			send(operation, TIMEOUT);
		}
	}

	/** Asks once more for what has been answered. */
	void askAgain(Operation operation) {
		insist(operation, System.nanoTime());
	}

	private void insist(Operation operation, long since) {
		for (int pause = 20;; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
			Exchange exchange = send(operation, chance(3) ? IMPATIENT : TIMEOUT);
			if (exchange.isSuccess() || exchange.isUnknownOutcome()) {
				return;
			}
			if (this.patience.isOver(since)) {
				operation.giveUp();
				return;
			}
			// Retry-After is in whole seconds: nobody here is that patient
			Threads.pause(ThreadLocalRandom.current().nextInt(pause / 2, pause));
		}
	}

	private Exchange send(Operation operation, int timeout) {
		ApplicationNode node = this.nodes.get(ThreadLocalRandom.current().nextInt(this.nodes.size()));
		Exchange exchange = this.wire.send(node, operation, timeout);
		operation.add(exchange);
		return exchange;
	}

	private static boolean chance(int percent) {
		return ThreadLocalRandom.current().nextInt(100) < percent;
	}

}
