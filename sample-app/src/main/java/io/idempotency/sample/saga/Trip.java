package io.idempotency.sample.saga;

import java.math.BigDecimal;

/**
 * What somebody wants to book. It does not change, so that every step is asked for the
 * same whenever it is asked again.
 *
 * @param id derived from the request's key
 * @param account that pays
 * @param flight that is wanted
 * @param price of the trip
 */
record Trip(String id, String account, String flight, BigDecimal price) {
}
