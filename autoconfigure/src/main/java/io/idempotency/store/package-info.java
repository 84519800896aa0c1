/**
 * public final class JdbcIdempotencyStore implements IdempotencyStore,
 * FencingNumberSource, HighWaterMarkStore, NewKeyCounter, SmartLifecycle {
 */
@NullMarked
package io.idempotency.store;

import org.jspecify.annotations.NullMarked;
