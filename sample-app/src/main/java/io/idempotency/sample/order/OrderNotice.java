package io.idempotency.sample.order;

/**
 * What a customer is to be told.
 *
 * @param order which
 * @param status that it came to
 * @param text for the customer
 */
record OrderNotice(long order, OrderStatus status, String text) {
}
