package io.idempotency.torture;

import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Operations that start at an even pace whatever becomes of those before them, as long as
 * there are clients left to start them. What is late is caught up with.
 */
final class Load {

	private static final int CLIENTS = 160;

	private final String name;

	private final long interval;

	private final AtomicInteger next = new AtomicInteger();

	private volatile boolean stopped;

	private final Queue<Operation> started = new ConcurrentLinkedQueue<>();

	private final Random random;

	private final long begin = System.nanoTime();

	private final List<Thread> clients;

	/**
	 * @param name what keys start with
	 * @param perSecond at which pace
	 */
	Load(String name, int perSecond, Client client) {
		this.name = name;
		this.interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
		this.random = new Random(name.hashCode());
		this.clients = IntStream.range(0, CLIENTS)
			.mapToObj((i) -> Threads.start("client", () -> work(client)))
			.toList();
	}

	/** How many operations were started. */
	int size() {
		return this.started.size();
	}

	private void work(Client client) {
		while (!this.stopped) {
			int number = this.next.getAndIncrement();
			Threads.pauseUntil(this.begin + number * this.interval);
			Operation operation = operation(number);
			this.started.add(operation);
			client.run(operation);
		}
	}

	/** Starts no more, and waits until all have come to an end. */
	List<Operation> end() {
		this.stopped = true;
		for (Thread client : this.clients) {
			try {
				client.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}
		if (this.started.size() != this.next.get()) {
			throw new IllegalStateException("A client failed");
		}
		return List.copyOf(this.started);
	}

	private synchronized Operation operation(int number) {
		boolean held = this.random.nextInt(100) < 20;
		boolean failing = this.random.nextInt(100) < (held ? 2 : 5);
		return new Operation(this.name + "-" + number, held, failing ? 5 : millis(number), failing, System.nanoTime());
	}

	/**
	 * Most are short, some outlast the client's patience, and a few their lease; those
	 * begin early, so that nobody waits for them in the end.
	 */
	private int millis(int number) {
		int kind = this.random.nextInt(1000);
		if (kind < 4 && number < 1500) {
			return 5000 + this.random.nextInt(1000);
		}
		if (kind < 20) {
			return 1000 + this.random.nextInt(2000);
		}
		if (kind < 100) {
			return 200 + this.random.nextInt(600);
		}
		return (kind < 400) ? 20 + this.random.nextInt(180) : this.random.nextInt(10);
	}

}
