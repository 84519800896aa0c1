package io.idempotency.engine;

import java.util.concurrent.atomic.AtomicBoolean;

import io.idempotency.IdempotencyContext;
import io.idempotency.StoredResult;
import io.idempotency.observation.CallObservation;
import io.idempotency.observation.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A method runs without a claim, because its operation allows that; it is only counted.
 */
final class UnprotectedExecution implements Execution {

	private final CallObservation observation;

	private final AtomicBoolean settled = new AtomicBoolean();

	UnprotectedExecution(CallObservation observation) {
		this.observation = observation;
	}

	@Override
	public boolean isClaimed() {
		return false;
	}

	@Override
	public @Nullable IdempotencyContext context() {
		return null;
	}

	@Override
	public @Nullable String record() {
		return null;
	}

	@Override
	public MethodScope enter() {
		return MethodScope.of(this.observation);
	}

	@Override
	public void threw(Throwable failure) {
		this.observation.threw(failure);
	}

	@Override
	public void complete(StoredResult result) {
		release();
	}

	@Override
	public void fail() {
		release();
	}

	@Override
	public void release() {
		if (this.settled.compareAndSet(false, true)) {
			this.observation.ended(Outcome.UNPROTECTED);
		}
	}

}
