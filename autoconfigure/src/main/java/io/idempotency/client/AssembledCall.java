package io.idempotency.client;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A call of a {@code WebClient} from where it was put together. Whoever subscribes to it
 * again, as {@code retry()} does, in whatever thread, retries it: it has one key in one
 * scope, and outside of all scopes one until it was answered.
 */
final class AssembledCall {

	private final @Nullable CallScope assembledIn;

	private @Nullable CallScope requestedIn;

	private @Nullable KeyedRequest request;

	AssembledCall(@Nullable CallScope assembledIn) {
		this.assembledIn = assembledIn;
	}

	/**
	 * What it is sent as.
	 * @param subscribedIn the scope of whoever subscribes
	 * @param first gives it a key in a scope, for the first time
	 */
	synchronized KeyedRequest request(@Nullable CallScope subscribedIn,
			Function<@Nullable CallScope, KeyedRequest> first) {
		CallScope scope = scope(subscribedIn);
		KeyedRequest known = this.request;
		if (known != null && scope == this.requestedIn) {
			return known;
		}
		KeyedRequest made = first.apply(scope);
		this.request = made;
		this.requestedIn = scope;
		return made;
	}

	/** One that is kept and used by another operation is that one's call. */
	private @Nullable CallScope scope(@Nullable CallScope subscribedIn) {
		CallScope assembled = this.assembledIn;
		if (assembled == null || (subscribedIn != null && !subscribedIn.isOfTheSameRunAs(assembled))) {
			return subscribedIn;
		}
		return assembled;
	}

	/** The answer is final: outside of scopes, the next one is another call. */
	synchronized void answered() {
		if (this.requestedIn == null) {
			this.request = null;
		}
	}

}
