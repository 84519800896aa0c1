package io.idempotency.propagation;

import io.idempotency.IdempotencyContext;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer's context propagation carry the {@link IdempotencyContext} of a thread.
 * Found as a service by its registry.
 */
public final class IdempotencyContextAccessor implements ThreadLocalAccessor<IdempotencyContext> {

	@Override
	public Object key() {
		return IdempotencyContext.KEY;
	}

	@Override
	public @Nullable IdempotencyContext getValue() {
		return IdempotencyContext.current().orElse(null);
	}

	@Override
	public void setValue(IdempotencyContext context) {
		IdempotencyContext.exchange(context);
	}

	@Override
	public void setValue() {
		IdempotencyContext.exchange(null);
	}

}
