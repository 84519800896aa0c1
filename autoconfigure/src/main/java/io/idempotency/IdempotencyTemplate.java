package io.idempotency;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;

/**
 * Runs a piece of code once per key, where there is no method of a bean to be annotated:
 * in a loop, in a batch, in a lambda. It gives the same outcomes as {@link Idempotent} on
 * a plain method, and shares its records with one of the same operation and key.
 * <pre class="code">
 * Receipt receipt = idempotency.operation("charge")
 *     .key(order.id())
 *     .fingerprint(order.amount())
 *     .execute(Receipt.class, () -&gt; this.provider.charge(order));
 * </pre> For all threads. What a call does not say is as the properties below
 * {@code idempotency} have it.
 */
public interface IdempotencyTemplate {

	/**
	 * Begins to describe a call.
	 * @param name the first part of every record's identity and the value of the
	 * {@code operation} tag; not blank, and nothing of a caller
	 * @return a call without a key
	 */
	Call operation(String name);

	/**
	 * What a call is about. Each method returns a new description, so one may be kept and
	 * used again by many threads. What cannot work is an {@link IllegalArgumentException}
	 * where it is said.
	 */
	interface Call {

		/**
		 * What makes two calls the same, by its {@code toString()}. One that is
		 * {@code null} or blank is a missing key when the call is executed.
		 */
		Call key(@Nullable Object key);

		/**
		 * What the call asks for: another call with the key that asks for something else
		 * is refused. Values are compared as JSON; by default all calls with a key ask
		 * for the same.
		 */
		Call fingerprint(@Nullable Object... values);

		/** How long the result is kept, at least a millisecond. */
		Call ttl(Duration ttl);

		/** The name of the store that keeps the record. */
		Call store(String store);

		/** What a duplicate gets while the first call is still running. */
		Call inProgress(InProgress inProgress);

		/** How long {@link InProgress#WAIT} waits, at least a millisecond. */
		Call waitTimeout(Duration waitTimeout);

		/** What becomes of the key when the call fails or its process dies. */
		Call recovery(Recovery recovery);

		/**
		 * Runs the work, or gives what it returned before.
		 * @param type of the result, which is stored as JSON; no promise of one
		 * @param work is run at most once for the key
		 * @return what the work returned, now or earlier
		 * @throws X what the work threw, unchanged; the key is free then, or held where
		 * the call says so
		 * @throws IdempotencyException if the call is refused
		 */
		<T, X extends Throwable> @Nullable T execute(Class<T> type, Work<? extends T, X> work) throws X;

		/** As {@link #execute(Class, Work)}, for a result whose type has parameters. */
		<T, X extends Throwable> @Nullable T execute(ParameterizedTypeReference<T> type, Work<? extends T, X> work)
				throws X;

		/** As {@link #execute(Class, Work)}, without a result. */
		<X extends Throwable> void run(Task<X> task) throws X;

	}

	/**
	 * What is run once.
	 *
	 * @param <T> what it returns
	 * @param <X> what it throws
	 */
	@FunctionalInterface
	interface Work<T, X extends Throwable> {

		/** Does it. */
		@Nullable T run() throws X;

	}

	/**
	 * What is run once and returns nothing.
	 *
	 * @param <X> what it throws
	 */
	@FunctionalInterface
	interface Task<X extends Throwable> {

		/** Does it. */
		void run() throws X;

	}

}
