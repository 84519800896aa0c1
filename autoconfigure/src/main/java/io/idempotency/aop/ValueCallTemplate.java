package io.idempotency.aop;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import io.idempotency.IdempotencyTemplate;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.engine.IdempotencyEngine;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;

/** The template over the same engine as annotated methods. */
public final class ValueCallTemplate implements IdempotencyTemplate {

	private final ValueCalls calls;

	private final OperationDefaults defaults;

	private final Set<String> stores;

	/**
	 * @param engine decides
	 * @param defaults what a call means where it says nothing
	 */
	public ValueCallTemplate(IdempotencyEngine engine, OperationDefaults defaults) {
		this.calls = new ValueCalls(engine);
		this.defaults = defaults;
		this.stores = engine.storeNames();
	}

	@Override
	public Call operation(String name) {
		Assert.hasText(name, "An operation needs a name");
		return new ValueCall(new IdempotentOperation(name, this.defaults.ttl(), this.defaults.lease(),
				this.defaults.inProgress(), this.defaults.waitTimeout(), this.defaults.recovery(),
				(this.defaults.recovery() == Recovery.HOLD) ? OnStoreFailure.REJECT : this.defaults.onStoreFailure(),
				true, this.defaults.store()), null, new Object[0]);
	}

	/** One call, as far as it is described. */
	private final class ValueCall implements Call {

		private final IdempotentOperation operation;

		private final @Nullable Object key;

		private final @Nullable Object[] asked;

		ValueCall(IdempotentOperation operation, @Nullable Object key, @Nullable Object[] asked) {
			this.operation = operation;
			this.key = key;
			this.asked = asked;
		}

		@Override
		public Call key(@Nullable Object newKey) {
			return new ValueCall(this.operation, newKey, this.asked);
		}

		@Override
		public Call fingerprint(@Nullable Object... values) {
			return new ValueCall(this.operation, this.key, values.clone());
		}

		@Override
		public Call ttl(Duration ttl) {
			requirePositive(ttl, "ttl");
			return with((operation) -> operation.ttl = ttl);
		}

		@Override
		public Call store(String store) {
			Assert.isTrue(ValueCallTemplate.this.stores.contains(store), () -> "There is no idempotency store named '"
					+ store + "': choose one of " + ValueCallTemplate.this.stores);
			return with((operation) -> operation.store = store);
		}

		@Override
		public Call inProgress(InProgress inProgress) {
			return with((operation) -> operation.inProgress = (inProgress != InProgress.DEFAULT) ? inProgress
					: ValueCallTemplate.this.defaults.inProgress());
		}

		@Override
		public Call waitTimeout(Duration waitTimeout) {
			requirePositive(waitTimeout, "waitTimeout");
			return with((operation) -> operation.waitTimeout = waitTimeout);
		}

		@Override
		public Call recovery(Recovery recovery) {
			return with((operation) -> operation.recovery = (recovery != Recovery.DEFAULT) ? recovery
					: ValueCallTemplate.this.defaults.recovery());
		}

		private static void requirePositive(Duration duration, String what) {
			Assert.isTrue(duration.toMillis() > 0, () -> "The " + what + " of a call must be at least a millisecond");
		}

		private Call with(Consumer<Description> change) {
			Description description = new Description(this.operation);
			change.accept(description);
			return new ValueCall(description.operation(ValueCallTemplate.this.defaults), this.key, this.asked);
		}

		@Override
		@SuppressWarnings("unchecked") // what was stored is read as that type
		public <T, X extends Throwable> @Nullable T execute(Class<T> type, Work<? extends T, X> work) throws X {
			return (T) call(type, work);
		}

		@Override
		@SuppressWarnings("unchecked") // what was stored is read as that type
		public <T, X extends Throwable> @Nullable T execute(ParameterizedTypeReference<T> type,
				Work<? extends T, X> work) throws X {
			return (T) call(type.getType(), work);
		}

		@Override
		public <X extends Throwable> void run(Task<X> task) throws X {
			call(void.class, () -> {
				task.run();
				return null;
			});
		}

		private <X extends Throwable> @Nullable Object call(Type type, Work<?, X> work) throws X {
			Class<?> raw = Objects.requireNonNull(ResolvableType.forType(type).toClass());
			Assert.isTrue(!ReturnTypes.isAsynchronous(raw), () -> "The result of " + this.operation.name() + " is a "
					+ raw.getSimpleName() + ", which cannot be stored: let the work return the value itself");
			return ValueCallTemplate.this.calls.call(this.operation, this.key, () -> this.asked, type, work,
					Settling.AT_ONCE);
		}

	}

	/** An operation that is being changed. */
	private static final class Description {

		private final IdempotentOperation former;

		private Duration ttl;

		private Duration waitTimeout;

		private InProgress inProgress;

		private Recovery recovery;

		private String store;

		Description(IdempotentOperation former) {
			this.former = former;
			this.ttl = former.ttl();
			this.waitTimeout = former.waitTimeout();
			this.inProgress = former.inProgress();
			this.recovery = former.recovery();
			this.store = former.store();
		}

		IdempotentOperation operation(OperationDefaults defaults) {
			// what is held is never run unprotected, as with annotations
			OnStoreFailure onStoreFailure = (this.recovery == Recovery.HOLD) ? OnStoreFailure.REJECT
					: defaults.onStoreFailure();
			return new IdempotentOperation(this.former.name(), this.ttl, this.former.lease(), this.inProgress,
					this.waitTimeout, this.recovery, onStoreFailure, true, this.store);
		}

	}

}
