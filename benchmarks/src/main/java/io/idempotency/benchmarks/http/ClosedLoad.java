package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;

/** Connections on which each response is followed by the next request at once. */
final class ClosedLoad implements AutoCloseable {

	private static final long PATIENCE_MILLIS = 10_000;

	private final Selector selector;

	private final List<Connection> connections = new ArrayList<>();

	private Histogram latencies = Load.histogram();

	private long deadline;

	private long left;

	private int inFlight;

	ClosedLoad(int port, int connections, Call call, Keys keys) throws IOException {
		this.selector = Selector.open();
		for (int i = 0; i < connections; i++) {
			this.connections.add(new Connection(port, this.selector, call, keys));
		}
	}

	Load run(double seconds) throws IOException {
		return run(seconds, Long.MAX_VALUE);
	}

	Load run(long requests) throws IOException {
		return run(3600, requests);
	}

	private Load run(double seconds, long requests) throws IOException {
		this.latencies = Load.histogram();
		this.left = requests;
		long start = System.nanoTime();
		this.deadline = start + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
		for (Connection connection : this.connections) {
			next(connection, System.nanoTime());
		}
		while (this.inFlight > 0) {
			if (this.selector.select(this::ready, PATIENCE_MILLIS) == 0) {
				throw new IOException("No response for ten seconds");
			}
		}
		return new Load(System.nanoTime() - start, this.latencies);
	}

	private void ready(SelectionKey key) {
		Connection connection = (Connection) key.attachment();
		try {
			if (connection.receive()) {
				long now = System.nanoTime();
				this.latencies.recordValue(now - connection.startedAt());
				this.inFlight--;
				next(connection, now);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void next(Connection connection, long now) throws IOException {
		if (now < this.deadline && this.left > 0) {
			this.left--;
			this.inFlight++;
			connection.send(now);
		}
	}

	@Override
	public void close() throws IOException {
		for (Connection connection : this.connections) {
			connection.close();
		}
		this.selector.close();
	}

}
