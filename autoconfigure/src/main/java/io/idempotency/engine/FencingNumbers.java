package io.idempotency.engine;

import io.idempotency.IdempotentOperation;
import io.idempotency.LeaseLostException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.store.Claim;
import io.idempotency.store.FencingNumberSource;
import io.idempotency.store.IdempotencyStoreException;
import org.jspecify.annotations.Nullable;

/** Asks for the fencing numbers of the owners of one store's records. */
final class FencingNumbers {

	private final @Nullable FencingNumberSource source;

	/**
	 * @param source the store, if it has numbers
	 */
	FencingNumbers(@Nullable FencingNumberSource source) {
		this.source = source;
	}

	/** For {@link io.idempotency.IdempotencyContext#fencingNumber()}. */
	long of(IdempotentOperation operation, Claim claim) {
		if (this.source == null) {
			throw new UnsupportedOperationException("The store '" + operation.store() + "' of " + operation.name()
					+ " has no fencing numbers. Use redis, jdbc, jdbc-transactional or memory, or let your own"
					+ " implement " + FencingNumberSource.class.getName());
		}
		try {
			return this.source.fencingNumber(claim).orElseThrow(() -> new LeaseLostException(operation.name()));
		}
		catch (IdempotencyStoreException ex) {
			throw new StoreUnavailableException(operation.name(), ex);
		}
	}

}
