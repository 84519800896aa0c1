package io.idempotency.sample.order;

import java.time.Instant;
import java.util.UUID;

/**
 * An event that failed too often to be tried again by itself.
 *
 * @param id of the publication
 * @param listener that fails
 * @param event what it is about
 * @param attempts how often it was tried
 * @param publishedAt when
 */
record DeadLetter(UUID id, String listener, Object event, int attempts, Instant publishedAt) {
}
