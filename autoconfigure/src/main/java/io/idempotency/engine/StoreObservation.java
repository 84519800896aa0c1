package io.idempotency.engine;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.idempotency.observation.StoreMetrics;
import io.idempotency.observation.StoreMetrics.Answer;
import io.idempotency.observation.StoreMetrics.Command;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;

/**
 * Measures what one store does, tells why it fails, and turns what a store must not throw
 * into what it may.
 */
final class StoreObservation {

	private final StoreMetrics metrics;

	private final StoreFailureLog log;

	StoreObservation(String name, StoreMetrics metrics) {
		this.metrics = metrics;
		this.log = new StoreFailureLog(name);
	}

	void claimed(ClaimOutcome outcome, long startedAt) {
		this.metrics.answered(Command.CLAIM, answer(outcome), startedAt);
	}

	boolean observe(Command command, BooleanSupplier step) {
		long startedAt = System.nanoTime();
		try {
			boolean held = step.getAsBoolean();
			this.metrics.answered(command, held ? Answer.OK : Answer.LOST, startedAt);
			return held;
		}
		catch (RuntimeException ex) {
			throw failed(command, startedAt, ex);
		}
	}

	<T> T measure(Command command, Supplier<T> step) {
		long startedAt = System.nanoTime();
		try {
			T found = step.get();
			this.metrics.answered(command, Answer.OK, startedAt);
			return found;
		}
		catch (RuntimeException ex) {
			throw failed(command, startedAt, ex);
		}
	}

	void advanced(boolean advanced, long startedAt) {
		this.metrics.answered(Command.ADVANCE, advanced ? Answer.OK : Answer.LOST, startedAt);
	}

	IdempotencyStoreException failed(Command command, long startedAt, RuntimeException ex) {
		this.metrics.answered(command, Answer.ERROR, startedAt);
		this.log.failed(ex);
		return (ex instanceof IdempotencyStoreException known) ? known
				: new IdempotencyStoreException("The store failed: " + ex, ex);
	}

	private static Answer answer(ClaimOutcome outcome) {
		if (outcome instanceof ClaimOutcome.Acquired) {
			return Answer.ACQUIRED;
		}
		if (outcome instanceof ClaimOutcome.Unknown) {
			return Answer.UNKNOWN;
		}
		return (outcome instanceof ClaimOutcome.Completed) ? Answer.COMPLETED : Answer.PENDING;
	}

}
