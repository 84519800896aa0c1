package io.idempotency.sample;

import java.math.BigDecimal;

/**
 * Somebody's money.
 *
 * @param id a short name
 * @param owner a name
 * @param balance never below zero
 */
record Account(String id, String owner, BigDecimal balance) {
}
