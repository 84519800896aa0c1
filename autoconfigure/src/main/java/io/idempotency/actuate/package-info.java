/**
 * What operators see: the health of stores.
 */
@NullMarked
package io.idempotency.actuate;

import org.jspecify.annotations.NullMarked;
