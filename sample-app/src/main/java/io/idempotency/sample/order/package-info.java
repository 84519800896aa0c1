/**
 * Orders, from the request to the message that says how they ended, over an outbox: every
 * step may be delivered twice, late or after a crash, and takes effect once.
 */
@NullMarked
package io.idempotency.sample.order;

import org.jspecify.annotations.NullMarked;
