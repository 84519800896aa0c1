/**
 * Carries what is known of a running operation to other threads, where Micrometer's
 * context propagation does.
 */
@NullMarked
package io.idempotency.propagation;

import org.jspecify.annotations.NullMarked;
