package io.idempotency.client;

import java.util.function.Consumer;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * Keys of outgoing calls, as {@link OutgoingKeys} has them, for {@code WebClient} and
 * HTTP interface clients on it: <pre class="code">
 * WebClient provider = builder.apply(keys.of("payments")).build();
 * </pre> A call is one from where it is put together, in the thread that does so, until
 * it is answered: {@code retry()} keeps its key. For all threads.
 */
public final class ReactiveOutgoingKeys {

	/**
	 * Gives a client its keys.
	 * @param client its name
	 * @see OutgoingClient#named
	 */
	public Consumer<WebClient.Builder> of(String client) {
		return of(OutgoingClient.named(client));
	}

	/** Gives a client its keys. */
	public Consumer<WebClient.Builder> of(OutgoingClient client) {
		OutgoingKeyFilter filter = new OutgoingKeyFilter(client);
		return (builder) -> builder.defaultRequest(filter::assemble).filter(filter);
	}

}
