/**
 * What the benchmarks share.
 */
@NullMarked
package io.idempotency.benchmarks;

import org.jspecify.annotations.NullMarked;
