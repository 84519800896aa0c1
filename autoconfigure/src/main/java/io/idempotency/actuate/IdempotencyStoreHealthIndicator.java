package io.idempotency.actuate;

import io.idempotency.OnStoreFailure;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreInspector;
import io.idempotency.store.StoreReport;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of one store: up if it answers, with what is worth knowing of it as details,
 * and what it may lose records by as the detail {@code concerns}. One that does not
 * answer is down where calls are refused then, and unknown where they run unprotected.
 */
public final class IdempotencyStoreHealthIndicator extends AbstractHealthIndicator {

	private final StoreInspector store;

	private final OnStoreFailure onFailure;

	/**
	 * @param store which
	 * @param onFailure what becomes of calls when it does not answer
	 */
	public IdempotencyStoreHealthIndicator(StoreInspector store, OnStoreFailure onFailure) {
		super("The store of idempotent operations does not answer");
		this.store = store;
		this.onFailure = onFailure;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		StoreReport report;
		try {
			report = this.store.inspect();
		}
		catch (IdempotencyStoreException ex) {
			if (this.onFailure != OnStoreFailure.PROCEED) {
				throw ex;
			}
			builder.unknown().withException(ex).withDetail("calls", "run unprotected");
			return;
		}
		builder.up().withDetails(report.facts());
		if (!report.concerns().isEmpty()) {
			builder.withDetail("concerns", report.concerns());
		}
	}

}
