/**
 * The state machine: claim, run or replay, renew, complete or release. The only place
 * that knows it. Called by doors; calls stores.
 */
@NullMarked
package io.idempotency.engine;

import org.jspecify.annotations.NullMarked;
