package io.idempotency.engine;

import java.util.function.LongSupplier;

import io.idempotency.IdempotencyContext;
import io.idempotency.IdempotentOperation;
import io.idempotency.observation.CallObservation;
import io.idempotency.store.Claim;
import org.jspecify.annotations.Nullable;

/** What all claims that were won have in common: one owner of one record. */
abstract sealed class OwnedExecution implements Execution, LongSupplier
		permits ClaimedExecution, TransactionalExecution {

	private final IdempotentOperation operation;

	private final Claim claim;

	private final FencingNumbers numbers;

	private final CallObservation observation;

	private final @Nullable Runnable onKept;

	/**
	 * @param claim what was claimed
	 * @param numbers of the store's owners
	 * @param onKept is told when a record is about to stay, if anybody wants to know
	 */
	OwnedExecution(IdempotentOperation operation, Claim claim, FencingNumbers numbers, CallObservation observation,
			@Nullable Runnable onKept) {
		this.operation = operation;
		this.claim = claim;
		this.numbers = numbers;
		this.observation = observation;
		this.onKept = onKept;
	}

	final IdempotentOperation operation() {
		return this.operation;
	}

	final Claim claim() {
		return this.claim;
	}

	final CallObservation observation() {
		return this.observation;
	}

	/** The record stays from now on. */
	final void kept() {
		if (this.onKept != null) {
			this.onKept.run();
		}
	}

	@Override
	public final boolean isClaimed() {
		return true;
	}

	@Override
	public final IdempotencyContext context() {
		return new IdempotencyContext(this.operation.name(), record(), this);
	}

	@Override
	public final String record() {
		return this.claim.key().digest();
	}

	@Override
	public final MethodScope enter() {
		return MethodScope.of(this.observation);
	}

	@Override
	public final void threw(Throwable failure) {
		this.observation.threw(failure);
	}

	/** The fencing number. */
	@Override
	public long getAsLong() {
		return this.numbers.of(this.operation, this.claim);
	}

}
