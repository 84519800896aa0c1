package io.idempotency.sample;

import java.math.BigDecimal;

/**
 * A payment that was made.
 *
 * @param id a number counted from 1
 * @param account who was charged
 * @param amount how much
 * @param currency three letters
 * @param reference what the caller called it
 */
record Payment(long id, String account, BigDecimal amount, String currency, String reference) {
}
