package io.idempotency.store;

import java.time.Duration;

import io.idempotency.Fingerprint;

/**
 * One caller's wish to run a method, and its proof of ownership afterwards: the same
 * claim goes into every call of a store, so only what was claimed can be renewed,
 * completed or released.
 *
 * @param key which record
 * @param owner who asks
 * @param fingerprint what the call asks for
 * @param lease how long the claim lasts without renewal, at least a millisecond
 * @param hold how long the record stays, as one of unknown outcome, when the lease ends
 * or the owner abandons it; zero if it is absent then
 */
public record Claim(RecordKey key, OwnerToken owner, Fingerprint fingerprint, Duration lease, Duration hold) {

	/** A claim whose record is absent when its lease has ended. */
	public Claim(RecordKey key, OwnerToken owner, Fingerprint fingerprint, Duration lease) {
		this(key, owner, fingerprint, lease, Duration.ZERO);
	}

	/** Whether the record outlives its lease. */
	public boolean isHeld() {
		return !this.hold.isZero();
	}

}
