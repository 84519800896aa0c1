package io.idempotency.messaging;

import io.idempotency.StoredResult;
import io.idempotency.aop.Settling;
import io.idempotency.engine.Execution;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Settles the call of a message. Where the container has opened a transaction around it,
 * the record must not say done before that is committed: a commit that fails brings the
 * message back, and it would be skipped although what it did was taken back.
 */
final class MessageSettling implements Settling {

	private final @Nullable Delivery delivery;

	private final ManualAcknowledgement acknowledgement;

	MessageSettling(@Nullable Delivery delivery, ManualAcknowledgement acknowledgement) {
		this.delivery = delivery;
		this.acknowledgement = acknowledgement;
	}

	/** Whether a transaction stands around the calling thread. */
	boolean isWithinTransaction() {
		return (this.delivery != null && this.delivery.transaction() != null) || isSynchronized();
	}

	private static boolean isSynchronized() {
		return TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.isSynchronizationActive();
	}

	@Override
	public void settle(Execution execution, StoredResult result) {
		if (this.acknowledgement.isReturned()) {
			// the method wants to see it again
			execution.release();
			return;
		}
		Delivery told = this.delivery;
		Object transaction = (told != null) ? told.transaction() : null;
		if (execution.isTransactional()) {
			execution.complete(result);
		}
		else if (told != null && transaction != null) {
			told.settleAfter(transaction, new Settlement(execution, result));
		}
		else if (isSynchronized()) {
			TransactionSynchronizationManager.registerSynchronization(new Commit(new Settlement(execution, result)));
		}
		else {
			execution.complete(result);
		}
	}

	/** Hears how a transaction ends, after all others: theirs may be what it is about. */
	private record Commit(Settlement settlement) implements TransactionSynchronization {

		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_COMMITTED) {
				this.settlement.committed();
			}
			else {
				this.settlement.notCommitted();
			}
		}

	}

}
