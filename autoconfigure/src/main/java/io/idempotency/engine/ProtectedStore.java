package io.idempotency.engine;

import java.time.Duration;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;

/**
 * Any store, with the payloads of its results protected. A result that is not what was
 * stored under its key is a record that cannot be read: its method does not run. Stands
 * before every store, with and without a cipher, so that what was compressed or encrypted
 * is known for that after either was switched off.
 */
public final class ProtectedStore implements IdempotencyStore {

	private final IdempotencyStore store;

	private final PayloadProtection protection;

	public ProtectedStore(IdempotencyStore store, PayloadProtection protection) {
		this.store = store;
		this.protection = protection;
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		return this.protection.restored(claim, this.store.claim(claim));
	}

	@Override
	public boolean renew(Claim claim) {
		return this.store.renew(claim);
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		return this.store.complete(claim, this.protection.protect(claim, result), retention);
	}

	@Override
	public boolean release(Claim claim) {
		return this.store.release(claim);
	}

	@Override
	public boolean abandon(Claim claim) {
		return this.store.abandon(claim);
	}

}
