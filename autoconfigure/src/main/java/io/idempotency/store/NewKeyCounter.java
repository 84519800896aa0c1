package io.idempotency.store;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * What a store may do in addition to {@link IdempotencyStore}: count how many new keys a
 * caller brings. Windows are the store's own: one begins with the first key that is
 * counted in it, for all nodes of the application.
 */
public interface NewKeyCounter {

	/**
	 * Counts one more key, without waiting for the store. Called by many threads at once.
	 * @param scope digest of who calls, {@value RecordKey#DIGEST_LENGTH} characters
	 * @param limit how many keys a window has room for, at least one
	 * @param window how long a window lasts, at least a millisecond
	 * @return how long it is until the window ends if it is full now, else zero; fails
	 * with whatever the store's driver reports
	 */
	CompletionStage<Duration> countNewKey(String scope, int limit, Duration window);

}
