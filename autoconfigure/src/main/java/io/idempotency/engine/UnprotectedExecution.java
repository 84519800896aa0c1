package io.idempotency.engine;

import java.util.concurrent.atomic.AtomicBoolean;

import io.idempotency.IdempotencyContext;
import io.idempotency.StoredResult;
import io.idempotency.observation.OperationMetrics;
import io.idempotency.observation.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A method runs without a claim, because its operation allows that; it is only counted.
 */
final class UnprotectedExecution implements Execution {

	private final OperationMetrics metrics;

	private final long startedAt;

	private final AtomicBoolean settled = new AtomicBoolean();

	UnprotectedExecution(OperationMetrics metrics, long startedAt) {
		this.metrics = metrics;
		this.startedAt = startedAt;
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
			this.metrics.ended(Outcome.UNPROTECTED, this.startedAt);
		}
	}

}
