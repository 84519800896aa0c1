package io.idempotency.sample.order;

/**
 * An order has come to a new status.
 *
 * @param order which
 * @param status the new one
 */
record OrderMoved(long order, OrderStatus status) {
}
