package io.idempotency.actuate;

import java.time.Duration;

import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import org.jspecify.annotations.Nullable;

/**
 * An operation with everything that it does not say itself filled in.
 *
 * @param name what its meters and log lines are tagged with
 * @param store the name of the store of its records
 * @param ttl how long a result is kept
 * @param lease how long a claim outlives its process
 * @param inProgress what a duplicate gets while the first call runs
 * @param waitTimeout how long a duplicate waits, if it does
 * @param recovery what becomes of the key of a call that fails
 * @param onStoreFailure what becomes of a call when the store does not answer
 * @param required whether a call without a key is refused
 */
public record OperationDescriptor(String name, String store, Duration ttl, Duration lease, InProgress inProgress,
		@Nullable Duration waitTimeout, Recovery recovery, OnStoreFailure onStoreFailure, boolean required) {

	static OperationDescriptor of(IdempotentOperation operation) {
		return new OperationDescriptor(operation.name(), operation.store(), operation.ttl(), operation.lease(),
				operation.inProgress(), (operation.inProgress() == InProgress.WAIT) ? operation.waitTimeout() : null,
				operation.recovery(), operation.onStoreFailure(), operation.required());
	}

}
