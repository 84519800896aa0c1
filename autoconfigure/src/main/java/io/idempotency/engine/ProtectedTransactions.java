package io.idempotency.engine;

import java.time.Duration;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.TransactionalClaim;
import io.idempotency.store.TransactionalIdempotencyStore;

/** As {@link ProtectedStore}, for results that are kept in transactions of methods. */
public final class ProtectedTransactions implements TransactionalIdempotencyStore {

	private final TransactionalIdempotencyStore store;

	private final PayloadProtection protection;

	public ProtectedTransactions(TransactionalIdempotencyStore store, PayloadProtection protection) {
		this.store = store;
		this.protection = protection;
	}

	@Override
	public TransactionalClaim begin(Claim claim) {
		TransactionalClaim begun = this.store.begin(claim);
		return new ProtectedClaim(claim, begun, this.protection.restored(claim, begun.outcome()), this.protection);
	}

	private record ProtectedClaim(Claim claim, TransactionalClaim begun, ClaimOutcome outcome,
			PayloadProtection protection) implements TransactionalClaim {

		@Override
		public boolean isJoined() {
			return this.begun.isJoined();
		}

		@Override
		public void flush() {
			this.begun.flush();
		}

		@Override
		public void commit(StoredResult result, Duration retention) {
			this.begun.commit(toStore(result), retention);
		}

		@Override
		public void commitReleased() {
			this.begun.commitReleased();
		}

		@Override
		public void rollBack() {
			this.begun.rollBack();
		}

		@Override
		public boolean rollBackAndKeep(StoredResult result, Duration retention) {
			return this.begun.rollBackAndKeep(toStore(result), retention);
		}

		/** Whoever cannot protect a result leaves no transaction behind. */
		private StoredResult toStore(StoredResult result) {
			try {
				return this.protection.protect(this.claim, result);
			}
			catch (RuntimeException ex) {
				this.begun.rollBack();
				throw ex;
			}
		}

	}

}
