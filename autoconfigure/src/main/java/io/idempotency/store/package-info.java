/**
 * The SPI of stores: five types and a few exceptions, and what a store may do beyond
 * that. Who writes a store implements {@link io.idempotency.store.IdempotencyStore} and
 * subclasses the contract test.
 */
@NullMarked
package io.idempotency.store;

import org.jspecify.annotations.NullMarked;
