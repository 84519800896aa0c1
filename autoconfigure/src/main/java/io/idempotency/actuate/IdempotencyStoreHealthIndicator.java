package io.idempotency.actuate;

import java.util.List;

import io.idempotency.store.StoreInspector;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of one store: up if it answers, with what it may lose records by as the
 * detail {@code concerns}.
 */
public final class IdempotencyStoreHealthIndicator extends AbstractHealthIndicator {

	private final StoreInspector store;

	public IdempotencyStoreHealthIndicator(StoreInspector store) {
		super("The store of idempotent operations does not answer");
		this.store = store;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		List<String> concerns = this.store.inspect();
		builder.up();
		if (!concerns.isEmpty()) {
			builder.withDetail("concerns", concerns);
		}
	}

}
