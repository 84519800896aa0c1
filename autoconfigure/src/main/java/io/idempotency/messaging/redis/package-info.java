/** Entries of Redis Streams: each is known by its stream and its id. */
@NullMarked
package io.idempotency.messaging.redis;

import org.jspecify.annotations.NullMarked;
