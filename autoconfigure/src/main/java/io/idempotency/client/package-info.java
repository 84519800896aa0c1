/**
 * Outgoing HTTP calls: each has an idempotency key that its retries keep. Within a
 * running operation it is derived from the operation's own key, so that a second run
 * after a crash sends it again.
 */
@NullMarked
package io.idempotency.client;

import org.jspecify.annotations.NullMarked;
