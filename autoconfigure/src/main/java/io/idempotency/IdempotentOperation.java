package io.idempotency;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * What one {@link Idempotent} annotation means, with every default filled in. Made once
 * per method and shared by all threads.
 *
 * @param name the first part of every record's identity; holds nothing of a caller
 * @param ttl how long a completed result is kept
 * @param lease how long a claim outlives its owner
 * @param inProgress {@link InProgress#REJECT} or {@link InProgress#WAIT}
 * @param waitTimeout how long {@link InProgress#WAIT} waits
 * @param recovery {@link Recovery#RERUN} or {@link Recovery#HOLD}
 * @param onStoreFailure {@link OnStoreFailure#REJECT} or {@link OnStoreFailure#PROCEED}
 * @param required whether a call without a key is refused
 * @param store the name of the store that keeps the records
 */
public record IdempotentOperation(String name, Duration ttl, Duration lease, InProgress inProgress,
		Duration waitTimeout, Recovery recovery, OnStoreFailure onStoreFailure, boolean required, String store) {

	public IdempotentOperation {
		Assert.hasText(name, "An operation needs a name");
		Assert.isTrue(ttl.toMillis() > 0, "The ttl of an operation must be at least a millisecond");
		Assert.isTrue(lease.toMillis() > 0, "The lease of an operation must be at least a millisecond");
		Assert.isTrue(!waitTimeout.isNegative(), "The wait timeout of an operation must not be negative");
		Assert.isTrue(inProgress != InProgress.DEFAULT, "An operation knows what a duplicate in flight gets");
		Assert.isTrue(recovery != Recovery.DEFAULT, "An operation knows what becomes of its key when a call fails");
		Assert.isTrue(onStoreFailure != OnStoreFailure.DEFAULT,
				"An operation knows what becomes of a call when its store fails");
	}

	/** The same operation under another name. */
	public IdempotentOperation named(String newName) {
		return new IdempotentOperation(newName, this.ttl, this.lease, this.inProgress, this.waitTimeout, this.recovery,
				this.onStoreFailure, this.required, this.store);
	}

	/** The same operation, whose duplicates in flight wait for that long. */
	public IdempotentOperation waiting(Duration timeout) {
		return new IdempotentOperation(this.name, this.ttl, this.lease, InProgress.WAIT, timeout, this.recovery,
				this.onStoreFailure, this.required, this.store);
	}

}
