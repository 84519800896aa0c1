/**
 * What can be measured: names, tags and meanings of meters, and where they are counted.
 */
@NullMarked
package io.idempotency.observation;

import org.jspecify.annotations.NullMarked;
