package io.idempotency.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A payment provider on a real socket. It books each request, but one of a key only once,
 * and then fails as it is told to.
 */
final class FakeProvider implements AutoCloseable {

	/** Books and closes the connection without an answer. */
	static final int HANG_UP = 0;

	/** Books, and closes the connection within the body of its answer. */
	static final int BREAK_OFF = 1;

	/** What it is asked. */
	record Asked(String method, String path, String key, String body) {
	}

	private final List<Asked> requests = new CopyOnWriteArrayList<>();

	private final Map<String, String> booked = new ConcurrentHashMap<>();

	private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

	/** Until then a body that says "slow" is booked and not answered. */
	private final CountDownLatch opened = new CountDownLatch(1);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	private final String header;

	FakeProvider() {
		this("Idempotency-Key");
	}

	FakeProvider(String header) {
		this.header = header;
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", this::serve);
		this.server.setExecutor(this.threads);
		this.server.start();
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	/** How the next requests are answered, one after another; then all with 201. */
	FakeProvider answers(Integer... statuses) {
		this.answers.addAll(List.of(statuses));
		return this;
	}

	private void serve(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			String key = exchange.getRequestHeaders().getFirst(this.header);
			Integer next = this.answers.poll();
			int status = (next != null) ? next : 201;
			this.requests.add(new Asked(exchange.getRequestMethod(), exchange.getRequestURI().toString(), key, body));
			if (status < 400) {
				this.booked.putIfAbsent((key != null) ? key : "none " + this.requests.size(), body);
			}
			if (body.equals("slow")) {
				awaitOpened();
			}
			byte[] answer = "booked".getBytes(StandardCharsets.UTF_8);
			if (status != HANG_UP) {
				exchange.getResponseHeaders().set("Content-Type", "text/plain");
				exchange.sendResponseHeaders((status == BREAK_OFF) ? 201 : status,
						(status == BREAK_OFF) ? 1000 : answer.length);
				exchange.getResponseBody().write(answer);
				exchange.getResponseBody().flush();
			}
		}
	}

	private void awaitOpened() {
		try {
			this.opened.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	void open() {
		this.opened.countDown();
	}

	List<Asked> requests() {
		return this.requests;
	}

	/** The keys of all requests, in order. */
	List<String> keys() {
		return this.requests.stream().map(Asked::key).toList();
	}

	/** What took effect. */
	List<String> bookings() {
		return List.copyOf(this.booked.values());
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
