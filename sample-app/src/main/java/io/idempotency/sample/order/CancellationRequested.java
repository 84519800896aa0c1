package io.idempotency.sample.order;

/**
 * The customer does not want an order any more.
 *
 * @param order which
 */
record CancellationRequested(long order) {
}
