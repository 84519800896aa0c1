package io.idempotency.client;

import java.net.URI;

import io.idempotency.DigestBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;

/**
 * A request that has got its key.
 *
 * @param key as it is sent, less quotation marks
 * @param entry which call it belongs to, if somebody tells calls apart
 */
record KeyedRequest(String key, CallLedger.@Nullable Entry entry) {

	/**
	 * Finds the key of a request.
	 * @param scope that it is made in, if there is one
	 * @param step its name, if it was given one
	 * @param place who is called
	 */
	static KeyedRequest of(@Nullable CallScope scope, @Nullable String step, String place, byte[] body) {
		if (scope == null) {
			return new KeyedRequest(CallScope.randomKey(), null);
		}
		if (step != null) {
			return new KeyedRequest(scope.key(CallScope.named(step, place), 0), null);
		}
		CallLedger.Entry entry = scope.request(place, new DigestBuilder().bytes(body, body.length).build());
		return new KeyedRequest(scope.key(place, entry.call().ordinal()), entry);
	}

	/**
	 * What is called, less the server: a retry may go to another one, or a second run
	 * after that has moved.
	 */
	static String place(OutgoingClient client, HttpMethod method, URI uri) {
		String query = uri.getRawQuery();
		return client.name() + "\n" + method.name() + "\n" + uri.getRawPath() + ((query != null) ? "?" + query : "");
	}

	/** It is sent, perhaps once more. */
	void sent() {
		settled(false);
	}

	void answered(HttpStatusCode status) {
		settled(!isFinal(status.value()));
	}

	void failed() {
		settled(true);
	}

	private void settled(boolean failed) {
		CallLedger.Entry known = this.entry;
		if (known != null) {
			known.call().settled(known.request(), failed);
		}
	}

	/**
	 * Whether nobody would ask again as it is, and get another answer. The same as what
	 * this library stores by itself.
	 */
	static boolean isFinal(int status) {
		return switch (status) {
			case 401, 403, 407, 408, 409, 412, 421, 423, 425, 429 -> false;
			default -> status < 500;
		};
	}

}
