package io.idempotency.aop;

import java.time.Duration;

import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;

/**
 * What an annotation means where it says nothing.
 *
 * @param ttl how long a completed result is kept
 * @param lease how long a claim outlives its owner
 * @param shortestLease what no lease may be shorter than, or it would end while a store
 * takes its time to renew it
 * @param inProgress what a duplicate in flight gets, not {@link InProgress#DEFAULT}
 * @param waitTimeout how long a waiting duplicate waits
 * @param recovery what becomes of the key of a call that fails, not
 * {@link Recovery#DEFAULT}
 * @param onStoreFailure what becomes of a call when its store fails, not
 * {@link OnStoreFailure#DEFAULT}
 * @param store the name of the store
 */
public record OperationDefaults(Duration ttl, Duration lease, Duration shortestLease, InProgress inProgress,
		Duration waitTimeout, Recovery recovery, OnStoreFailure onStoreFailure, String store) {
}
