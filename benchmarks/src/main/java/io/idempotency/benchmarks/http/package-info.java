/**
 * Whole requests, measured from another process against a plain endpoint and a minimal
 * filter.
 */
@NullMarked
package io.idempotency.benchmarks.http;

import org.jspecify.annotations.NullMarked;
