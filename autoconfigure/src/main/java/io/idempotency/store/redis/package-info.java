/**
 * Records in Redis: one key, one value, one round trip. Works on the connection factory
 * of the application, and on its primaries only.
 */
@NullMarked
package io.idempotency.store.redis;

import org.jspecify.annotations.NullMarked;
