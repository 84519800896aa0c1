package io.idempotency.sample;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * One movement of money. A payment that ran twice is two entries.
 *
 * @param id a number counted from 1
 * @param payment the payment that moved it
 * @param account whose money
 * @param amount below zero: it left the account
 * @param at when
 */
record LedgerEntry(long id, long payment, String account, BigDecimal amount, Instant at) {
}
