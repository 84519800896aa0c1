package io.idempotency.client;

import io.idempotency.IdempotencyTemplate.Task;
import io.idempotency.IdempotencyTemplate.Work;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequestInterceptor;

/**
 * Keys of outgoing calls, for {@code RestClient}, {@code RestTemplate} and HTTP interface
 * clients on them. A client gets them by an interceptor of its own: <pre class="code">
 * RestClient provider = builder.requestInterceptor(keys.interceptor("payments")).build();
 * </pre>
 * <p>
 * Within a running operation, a request has the operation's child key for its client,
 * method, path and query, and for how many calls of these there were before. Outside of
 * operations each request has a random one, which the retries of one call share where
 * somebody says what one call is: {@link #call}, {@code @Retryable}, a bean of type
 * {@code RetryTemplate}, {@code @Retry} of Resilience4j. A request that has the header
 * already is left as it is. For all threads.
 */
public final class OutgoingKeys {

	/**
	 * Attribute of a request with the name of its step, a text. Such a request has the
	 * same key whenever the operation, or the call, makes it.
	 */
	public static final String STEP_ATTRIBUTE = OutgoingKeys.class.getName() + ".step";

	/**
	 * An interceptor for one client.
	 * @param client its name
	 * @see OutgoingClient#named
	 */
	public ClientHttpRequestInterceptor interceptor(String client) {
		return interceptor(OutgoingClient.named(client));
	}

	/** An interceptor for one client. */
	public ClientHttpRequestInterceptor interceptor(OutgoingClient client) {
		return new OutgoingKeyInterceptor(client);
	}

	/**
	 * Makes one logical call, with whatever retries it: all requests to one place, that
	 * is client, method, path and query, have the same key. Two calls on purpose are two
	 * of these.
	 * @throws X what the work throws, unchanged
	 */
	public static <T, X extends Throwable> @Nullable T call(Work<T, X> work) throws X {
		return CallScope.ofOneCall().run(work);
	}

	/** As {@link #call(Work)}, without a result. */
	public static <X extends Throwable> void run(Task<X> task) throws X {
		call(() -> {
			task.run();
			return null;
		});
	}

	/**
	 * Does a part of an operation under a name that tells it from all others: its calls
	 * have the same keys whenever the operation does it again, in whatever order and
	 * thread. Two steps of one name are the same step: in a loop, let the name say which
	 * round it is.
	 * @throws X what the work throws, unchanged
	 */
	public static <T, X extends Throwable> @Nullable T step(String name, Work<T, X> work) throws X {
		return CallScope.named(name).run(work);
	}

}
