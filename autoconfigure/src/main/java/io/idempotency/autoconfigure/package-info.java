/** Wiring: one auto-configuration per concern, properties, and failure analysis. */
@NullMarked
package io.idempotency.autoconfigure;

import org.jspecify.annotations.NullMarked;
