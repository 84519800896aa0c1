package io.idempotency.store;

import java.util.concurrent.CompletableFuture;

/**
 * A store that can tell when a record changes. Optional: callers that wait for a running
 * call ask the store now and then, and are told earlier where the store implements this.
 * A word that is lost costs them time and nothing else.
 */
public interface RecordWatcher {

	/**
	 * Watches a record that was pending a moment ago. Does not block. Called by many
	 * threads at once, but seldom for a record that is being watched.
	 * @return completes when the record is not pending any more, was renewed, or has
	 * vanished, at once if that is so already; fails if the store cannot tell
	 */
	CompletableFuture<Void> watch(RecordKey key);

}
