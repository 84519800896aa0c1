package io.idempotency.torture;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.idempotency.testsupport.RawHttp;

/** Sends requests over connections that are kept, one for each that is on its way. */
final class Wire implements Closeable {

	private final Map<Integer, Queue<RawHttp>> idle = new ConcurrentHashMap<>();

	/**
	 * Sends one request and waits for its answer.
	 * @param timeout in milliseconds, after which the client hangs up
	 */
	Exchange send(ApplicationNode node, Operation operation, int timeout) {
		Queue<RawHttp> pool = this.idle.computeIfAbsent(node.port(), (port) -> new ConcurrentLinkedQueue<>());
		long sentAt = System.nanoTime();
		RawHttp connection = pool.poll();
		try {
			if (connection == null) {
				connection = new RawHttp(node.port(), timeout);
			}
			connection.timeout(timeout);
			RawHttp.Answer answer = connection
				.post(operation.path(), operation.body(), "Content-Type: application/json",
						"Idempotency-Key: " + operation.key())
				.read();
			Exchange exchange = exchange(node, sentAt, answer);
			if (answer.closes()) {
				connection.close();
			}
			else {
				pool.add(connection);
			}
			return exchange;
		}
		catch (IOException ex) {
			close(connection);
			return new Exchange(node.name(), sentAt, System.nanoTime(), Exchange.NONE, false, ex.toString());
		}
	}

	private static Exchange exchange(ApplicationNode node, long sentAt, RawHttp.Answer answer) {
		return new Exchange(node.name(), sentAt, System.nanoTime(), answer.code(),
				answer.values("Idempotent-Replayed").contains("true"),
				new String(answer.body(), StandardCharsets.UTF_8));
	}

	@Override
	public void close() {
		this.idle.values().forEach((pool) -> pool.forEach(Wire::close));
	}

	private static void close(RawHttp connection) {
		try {
			if (connection != null) {
				connection.close();
			}
		}
		catch (IOException ex) {
			// closed already
		}
	}

}
