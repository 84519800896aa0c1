package io.idempotency.engine;

import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.DigestBuilder;
import io.idempotency.store.NewKeyCounter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one caller from filling the store. Each key whose record stays is counted in the
 * store, on the way of that record, so that nobody waits for the count; what comes back
 * closes the scope, on this node, until its window ends. A key that is freed again is not
 * counted: a client that tries a failing call again and again does not lock itself out. A
 * caller can exceed the limit by the calls that it has in flight at once, and on each
 * node by one more.
 */
public final class NewKeyCeiling {

	private static final Log logger = LogFactory.getLog(NewKeyCeiling.class);

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	/** More scopes than this are not remembered as closed at once. */
	private static final int MAX_CLOSED = 10_000;

	private final NewKeyCounter counter;

	private final int limit;

	private final Duration window;

	/** Closed scopes, and until when by {@link System#nanoTime()}. */
	private final Map<String, Long> closed = new ConcurrentHashMap<>();

	/**
	 * @param counter counts for all nodes
	 * @param limit how many new keys a scope may bring in one window
	 * @param window how long a window lasts
	 */
	public NewKeyCeiling(NewKeyCounter counter, int limit, Duration window) {
		this.counter = counter;
		this.limit = limit;
		this.window = window;
	}

	/** The name under which a scope is counted. Calls without a scope are not. */
	static @Nullable String scopeOf(IdempotentCall call) {
		return call.scope().isEmpty() ? null
				: ENCODER.encodeToString(new DigestBuilder().mark('n').text(call.scope()).build().toBytes());
	}

	/** How long a scope may bring no new key, or {@code null} if it may. */
	@Nullable Duration closedFor(String scope) {
		Long until = this.closed.get(scope);
		if (until == null) {
			return null;
		}
		long left = until - System.nanoTime();
		if (left <= 0) {
			this.closed.remove(scope, until);
			return null;
		}
		return Duration.ofNanos(left);
	}

	/** A new key is kept. */
	void count(String scope) {
		try {
			var unused = this.counter.countNewKey(scope, this.limit, this.window).whenComplete((left, failure) -> {
				if (failure != null) {
					failed(failure);
				}
				else if (!left.isZero()) {
					close(scope, left);
				}
			});
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private void close(String scope, Duration left) {
		long now = System.nanoTime();
		if (this.closed.size() >= MAX_CLOSED) {
			this.closed.values().removeIf((until) -> until - now <= 0);
		}
		if (this.closed.size() < MAX_CLOSED) {
			this.closed.put(scope, now + left.toNanos());
		}
	}

	/** The record is safe; that it was not counted does no harm. */
	private static void failed(Throwable failure) {
		logger.debug("A new key could not be counted", failure);
	}

}
