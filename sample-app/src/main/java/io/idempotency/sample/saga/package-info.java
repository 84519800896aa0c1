/**
 * Trips: a saga. A seat, a payment and a ticket, each with a transaction of its own, are
 * all had in the end, or none of them: what was done is undone where a later step is
 * refused. Every step and every compensation may arrive twice, late or in another order.
 */
@NullMarked
package io.idempotency.sample.saga;

import org.jspecify.annotations.NullMarked;
