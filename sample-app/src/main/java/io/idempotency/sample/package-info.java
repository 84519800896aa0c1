/**
 * A small payment service that can be retried: money moves at most once per key, whatever
 * the network or the callers do.
 */
@NullMarked
package io.idempotency.sample;

import org.jspecify.annotations.NullMarked;
