package io.idempotency.sample.order;

/**
 * What a customer was told.
 *
 * @param id a number counted from 1
 * @param order of which order
 * @param status that it came to
 */
record Notification(long id, long order, OrderStatus status) {
}
