package io.idempotency.sample.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import static org.awaitility.Awaitility.await;

/** A caller of the payment service that talks to it over real sockets. */
public final class PaymentClient {

	private static final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	private final int port;

	public PaymentClient(int port) {
		this.port = port;
	}

	/** The body of a payment of 25 euros by alice. */
	public static String payment(String reference) {
		return "{\"account\":\"alice\",\"amount\":25.00,\"currency\":\"EUR\",\"reference\":\"" + reference + "\"}";
	}

	/** Pays once, so that all meters are there. */
	public PaymentClient warmUp() {
		await().pollDelay(Duration.ZERO)
			.atMost(Duration.ofSeconds(30))
			.until(() -> pay("warm-up-" + this.port).isSuccess());
		return this;
	}

	/** Pays with a key that is also the reference. */
	public Answer pay(String key, String... headers) {
		return post("/payments", key, payment(key), headers);
	}

	/** The same, answered later. */
	public CompletableFuture<Answer> payAsync(String key, String... headers) {
		return postAsync("/payments", key, payment(key), headers);
	}

	public Answer post(String path, String key, String json, String... headers) {
		return send(request(path, key, headers).POST(BodyPublishers.ofString(json)).build());
	}

	public CompletableFuture<Answer> postAsync(String path, String key, String json, String... headers) {
		HttpRequest request = request(path, key, headers).POST(BodyPublishers.ofString(json)).build();
		return client.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(Answer::new);
	}

	public Answer get(String path) {
		return send(request(path, null).GET().build());
	}

	/** The first measurement of a meter; zero if there is none yet. */
	public double metric(String name) {
		Answer answer = get("/actuator/metrics/" + name);
		return (answer.status() == 404) ? 0 : answer.<Double>json("$.measurements[0].value");
	}

	private HttpRequest.Builder request(String path, String key, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.timeout(Duration.ofSeconds(40))
			.header("Content-Type", "application/json");
		if (key != null) {
			request.header("Idempotency-Key", key);
		}
		return (headers.length > 0) ? request.headers(headers) : request;
	}

	private static Answer send(HttpRequest request) {
		try {
			return new Answer(client.send(request, BodyHandlers.ofByteArray()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
