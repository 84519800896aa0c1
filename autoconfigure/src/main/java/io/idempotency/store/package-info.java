/**
 * The SPI of stores: what keeps records, and the steps in which they change. Who writes a
 * store begins with {@link io.idempotency.store.IdempotencyStore}; the other interfaces
 * are abilities that a store may have besides. Applications do not need this package.
 */
@NullMarked
package io.idempotency.store;

import org.jspecify.annotations.NullMarked;
