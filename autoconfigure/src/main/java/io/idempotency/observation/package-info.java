/**
 * What can be measured and traced: names, tags and meanings of meters and of
 * observations, and where they are counted and made.
 */
@NullMarked
package io.idempotency.observation;

import org.jspecify.annotations.NullMarked;
