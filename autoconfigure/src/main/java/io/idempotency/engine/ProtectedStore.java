package io.idempotency.engine;

import java.time.Duration;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.UnreadableRecordException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Any store, with the payloads of its results protected. A result that is not what was
 * stored under its key is a record that cannot be read: its method does not run. Stands
 * before every store, with and without a cipher, so that what was compressed or encrypted
 * is known for that after either was switched off.
 */
public final class ProtectedStore implements IdempotencyStore {

	private static final Log logger = LogFactory.getLog(ProtectedStore.class);

	private final IdempotencyStore store;

	private final PayloadProtection protection;

	public ProtectedStore(IdempotencyStore store, PayloadProtection protection) {
		this.store = store;
		this.protection = protection;
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		ClaimOutcome outcome = this.store.claim(claim);
		if (outcome instanceof ClaimOutcome.Completed completed && completed.result().isKept()) {
			return restored(claim, completed);
		}
		return outcome;
	}

	private ClaimOutcome restored(Claim claim, ClaimOutcome.Completed stored) {
		try {
			// the fingerprint is that of the record: whether it is the caller's is asked
			// later, when it is known to be genuine
			byte[] kept = stored.result().payload();
			byte[] payload = this.protection.restore(kept, claim.key(), stored.fingerprint());
			return (payload == kept) ? stored
					: new ClaimOutcome.Completed(stored.fingerprint(), StoredResult.of(payload));
		}
		catch (UnreadableRecordException ex) {
			// its caller learns only that the store is not available, and nobody else
			// would learn that somebody may have tampered with it
			logger.error(ex.getMessage() + ". A call of " + claim.key().operation() + " was refused. Record "
					+ claim.key().digest());
			logger.debug("Why it cannot be read", ex);
			throw ex;
		}
	}

	@Override
	public boolean renew(Claim claim) {
		return this.store.renew(claim);
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		if (!result.isKept()) {
			return this.store.complete(claim, result, retention);
		}
		byte[] payload = this.protection.protect(result.payload(), claim.key(), claim.fingerprint());
		StoredResult toStore = (payload == result.payload()) ? result : StoredResult.of(payload);
		return this.store.complete(claim, toStore, retention);
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
