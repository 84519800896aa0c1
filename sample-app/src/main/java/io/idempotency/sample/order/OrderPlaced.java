package io.idempotency.sample.order;

/**
 * There is a new order.
 *
 * @param order which
 * @param sku what is ordered
 * @param quantity how many of it
 */
record OrderPlaced(long order, String sku, int quantity) {
}
