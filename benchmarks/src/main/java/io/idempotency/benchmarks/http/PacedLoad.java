package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Requests at a constant rate, whatever the answers take. A latency counts from the time
 * at which its request was due, so a request that finds all connections busy is not
 * forgotten. One thread sends, another receives.
 */
final class PacedLoad implements AutoCloseable {

	private static final long PATIENCE_SECONDS = 10;

	private final Selector selector;

	private final List<Connection> connections = new ArrayList<>();

	private final BlockingQueue<Connection> idle;

	private final Histogram latencies = Load.histogram();

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private volatile boolean done;

	PacedLoad(int port, int connections, Call call, Keys keys) throws IOException {
		this.selector = Selector.open();
		this.idle = new ArrayBlockingQueue<>(connections);
		for (int i = 0; i < connections; i++) {
			this.connections.add(new Connection(port, this.selector, call, keys));
		}
		this.idle.addAll(this.connections);
	}

	Load run(double seconds, double rate) throws IOException, InterruptedException {
		Thread receiver = new Thread(this::receive, "receiver");
		receiver.start();
		long start = System.nanoTime();
		long requests = (long) (seconds * rate);
		double interval = TimeUnit.SECONDS.toNanos(1) / rate;
		for (long i = 0; i < requests; i++) {
			long due = start + (long) (i * interval);
			for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
				LockSupport.parkNanos(early);
			}
			take().send(due);
		}
		for (int i = 0; i < this.connections.size(); i++) {
			take();
		}
		long nanos = System.nanoTime() - start;
		this.done = true;
		this.selector.wakeup();
		receiver.join();
		return new Load(nanos, this.latencies);
	}

	private Connection take() throws IOException, InterruptedException {
		Connection connection = this.idle.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
		if (connection == null || this.failure.get() != null) {
			throw new IOException("No response for ten seconds, or a wrong one", this.failure.get());
		}
		return connection;
	}

	private void receive() {
		try {
			while (!this.done) {
				this.selector.select(this::ready);
			}
		}
		catch (IOException | RuntimeException ex) {
			this.failure.set(ex);
		}
	}

	private void ready(SelectionKey key) {
		Connection connection = (Connection) key.attachment();
		try {
			if (connection.receive()) {
				this.latencies.recordValue(System.nanoTime() - connection.startedAt());
				this.idle.add(connection);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.done = true;
		this.selector.wakeup();
		for (Connection connection : this.connections) {
			connection.close();
		}
		this.selector.close();
	}

}
