package io.idempotency.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A client that talks to a server over a real socket. */
public final class HttpDialogue {

	private static final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

	private final int port;

	public HttpDialogue(int port) {
		this.port = port;
	}

	/** A JSON POST with a key. */
	public Answer post(String path, String key, String json, String... headers) {
		return send(request("POST", path, json, headers).header("Idempotency-Key", key));
	}

	/** The same, answered later. */
	public CompletableFuture<Answer> postAsync(String path, String key, String json, String... headers) {
		return client
			.sendAsync(request("POST", path, json, headers).header("Idempotency-Key", key).build(),
					BodyHandlers.ofByteArray())
			.thenApply(Answer::new);
	}

	public HttpRequest.Builder request(String method, String path, String body, String... headers) {
		HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.timeout(Duration.ofSeconds(30))
			.method(method, (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody());
		boolean typed = false;
		for (int i = 0; i < headers.length; i += 2) {
			builder.header(headers[i], headers[i + 1]);
			typed |= headers[i].equalsIgnoreCase("Content-Type");
		}
		if (body != null && !typed) {
			builder.header("Content-Type", "application/json");
		}
		return builder;
	}

	public Answer send(HttpRequest.Builder request) {
		try {
			return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** What came back. */
	public record Answer(HttpResponse<byte[]> response) {

		public int status() {
			return this.response.statusCode();
		}

		public String text() {
			return new String(this.response.body(), StandardCharsets.UTF_8);
		}

		public byte[] bytes() {
			return this.response.body();
		}

		public String header(String name) {
			return this.response.headers().firstValue(name).orElse(null);
		}

		public boolean isReplay() {
			return "true".equals(header("Idempotent-Replayed"));
		}

		/** The last word of a problem's type, if this is one. */
		public String problem() {
			if (!"application/problem+json".equals(header("Content-Type"))) {
				return "no problem but " + header("Content-Type") + ": " + text();
			}
			String text = text();
			int start = text.indexOf("urn:idempotency:problem:") + "urn:idempotency:problem:".length();
			return text.substring(start, text.indexOf('"', start));
		}

	}

}
