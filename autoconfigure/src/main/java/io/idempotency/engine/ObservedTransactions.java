package io.idempotency.engine;

import java.time.Duration;

import io.idempotency.StoredResult;
import io.idempotency.observation.StoreMetrics.Command;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.TransactionalClaim;
import io.idempotency.store.TransactionalIdempotencyStore;

/** As {@link ObservedStore}, for claims in transactions of methods. */
final class ObservedTransactions implements TransactionalIdempotencyStore {

	private final TransactionalIdempotencyStore store;

	private final StoreObservation observation;

	ObservedTransactions(TransactionalIdempotencyStore store, StoreObservation observation) {
		this.store = store;
		this.observation = observation;
	}

	@Override
	public TransactionalClaim begin(Claim claim) {
		long startedAt = System.nanoTime();
		try {
			TransactionalClaim begun = this.store.begin(claim);
			this.observation.claimed(begun.outcome(), startedAt);
			return new ObservedClaim(begun, this.observation);
		}
		catch (IllegalStateException ex) {
			// nothing is wrong with the store
			throw ex;
		}
		catch (RuntimeException ex) {
			throw this.observation.failed(Command.CLAIM, startedAt, ex);
		}
	}

	private static final class ObservedClaim implements TransactionalClaim {

		private final TransactionalClaim begun;

		private final StoreObservation observation;

		ObservedClaim(TransactionalClaim begun, StoreObservation observation) {
			this.begun = begun;
			this.observation = observation;
		}

		@Override
		public ClaimOutcome outcome() {
			return this.begun.outcome();
		}

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
			var unused = this.observation.observe(Command.COMPLETE, () -> {
				this.begun.commit(result, retention);
				return true;
			});
		}

		@Override
		public void commitReleased() {
			var unused = this.observation.observe(Command.RELEASE, () -> {
				this.begun.commitReleased();
				return true;
			});
		}

		@Override
		public void rollBack() {
			var unused = this.observation.observe(Command.RELEASE, () -> {
				this.begun.rollBack();
				return true;
			});
		}

		@Override
		public boolean rollBackAndKeep(StoredResult result, Duration retention) {
			return this.observation.observe(Command.COMPLETE, () -> this.begun.rollBackAndKeep(result, retention));
		}

	}

}
