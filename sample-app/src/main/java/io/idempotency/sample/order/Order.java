package io.idempotency.sample.order;

/**
 * An order.
 *
 * @param id a number counted from 1
 * @param sku what is ordered
 * @param quantity how many of it
 * @param status where it stands
 * @param version how often its status has changed
 */
record Order(long id, String sku, int quantity, OrderStatus status, int version) {
}
