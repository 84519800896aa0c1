package io.idempotency.client;

import java.util.Set;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * A client whose requests get keys. Bare values are what most providers want; some want a
 * quoted one, as RFC 8941 has strings.
 *
 * @param name of who is called, a part of every key: two clients of one name share keys,
 * and another name makes other keys
 * @param header that the key is sent in
 * @param quoted whether it stands in quotation marks
 * @param methods of the requests that get one. {@code POST} and {@code PATCH} at first:
 * the others that change something, {@code PUT} and {@code DELETE}, may be repeated as
 * they are (RFC 9110, section 9.2.2), and providers ignore keys there
 */
public record OutgoingClient(String name, String header, boolean quoted, Set<HttpMethod> methods) {

	public OutgoingClient {
		Assert.hasText(name, "An outgoing client needs a name");
		Assert.hasText(header, "An outgoing client needs a header");
		methods = Set.copyOf(methods);
	}

	/** A client that sends {@code Idempotency-Key} with what it posts and patches. */
	public static OutgoingClient named(String name) {
		return new OutgoingClient(name, "Idempotency-Key", false, Set.of(HttpMethod.POST, HttpMethod.PATCH));
	}

	/** The same with another header. */
	public OutgoingClient withHeader(String otherHeader) {
		return new OutgoingClient(this.name, otherHeader, this.quoted, this.methods);
	}

	/** The same with keys in quotation marks. */
	public OutgoingClient withQuotedKeys() {
		return new OutgoingClient(this.name, this.header, true, this.methods);
	}

	/** The same for requests of these methods. */
	public OutgoingClient withMethods(HttpMethod... otherMethods) {
		return new OutgoingClient(this.name, this.header, this.quoted, Set.of(otherMethods));
	}

	/** As it is sent. */
	String value(String key) {
		return this.quoted ? "\"" + key + "\"" : key;
	}

}
