package io.idempotency;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What is known of the operation that runs in this thread: an {@link Idempotent} method,
 * or the work of an {@link IdempotencyTemplate}, that has claimed its key. For what it
 * calls: a {@link #childKey key} of its own for each step, which a second run after a
 * crash makes again, and a {@link #fencingNumber() number} by which a system tells a
 * later owner from an earlier one.
 * <p>
 * There is no context where nothing was claimed: outside of operations, and in a run that
 * is unprotected for want of a key or of a store, also if that is called by an operation
 * which has one. A context stays with its thread; {@link #wrap(Runnable)} takes it to
 * another, and so does Micrometer's context propagation. It may be used by many threads
 * at once.
 */
public final class IdempotencyContext {

	/** Under which context propagation carries it. */
	public static final String KEY = "io.idempotency.context";

	private static final ThreadLocal<@Nullable IdempotencyContext> CURRENT = new ThreadLocal<>();

	private static final AtomicLongFieldUpdater<IdempotencyContext> NUMBER = AtomicLongFieldUpdater
		.newUpdater(IdempotencyContext.class, "fencingNumber");

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	/**
	 * Stands before what a child's key is made of. The digest of a record begins with the
	 * length of a text, so no child has a record's.
	 */
	private static final char CHILD = 'c';

	private final String operation;

	private final String keyDigest;

	private final LongSupplier fencingNumbers;

	private volatile @Nullable Map<Class<?>, Object> attachments;

	/** Zero as long as nobody has asked for it. */
	private volatile long fencingNumber;

	/**
	 * For doors, and for tests of what asks for a context.
	 * @param operation the operation's name
	 * @param keyDigest digest of operation, scope and key
	 * @param fencingNumbers asks the store for a {@link #fencingNumber()}, a positive one
	 */
	public IdempotencyContext(String operation, String keyDigest, LongSupplier fencingNumbers) {
		this.operation = operation;
		this.keyDigest = keyDigest;
		this.fencingNumbers = fencingNumbers;
	}

	/** The context of the operation that runs in this thread, if one does. */
	public static Optional<IdempotencyContext> current() {
		return Optional.ofNullable(CURRENT.get());
	}

	/**
	 * Puts a context into the place of this thread's. For doors and for whoever carries
	 * contexts from thread to thread: what is given back has to be put back.
	 * @param next the context from now on, or {@code null} for none
	 * @return the one before, or {@code null} if there was none
	 */
	public static @Nullable IdempotencyContext exchange(@Nullable IdempotencyContext next) {
		IdempotencyContext former = CURRENT.get();
		if (former != next) {
			CURRENT.set(next);
		}
		return former;
	}

	/** A task that has this thread's context, or none, wherever it is run. */
	public static Runnable wrap(Runnable task) {
		IdempotencyContext captured = CURRENT.get();
		return () -> {
			IdempotencyContext former = exchange(captured);
			try {
				task.run();
			}
			finally {
				exchange(former);
			}
		};
	}

	/** As {@link #wrap(Runnable)}, for a task that returns something. */
	public static <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
		IdempotencyContext captured = CURRENT.get();
		return () -> {
			IdempotencyContext former = exchange(captured);
			try {
				return task.call();
			}
			finally {
				exchange(former);
			}
		};
	}

	/** The operation's name. */
	public String operation() {
		return this.operation;
	}

	/**
	 * Digest of operation, scope and key, as it stands in logs and in the store's key. No
	 * key can be read from it.
	 */
	public String keyDigest() {
		return this.keyDigest;
	}

	/**
	 * A key for something that the operation calls: always the same for the same
	 * operation, scope, key and step, in every process and every version of the library,
	 * and never the caller's own.
	 * @param step what is called, and which of several calls; not blank
	 * @return 22 characters of {@code A-Z a-z 0-9 - _}
	 */
	public String childKey(String step) {
		Assert.hasText(step, "A child key needs a step");
		Fingerprint child = new DigestBuilder().mark(CHILD).text(this.keyDigest).text(step).build();
		return ENCODER.encodeToString(child.toBytes());
	}

	/**
	 * A number that is larger for every later owner of the record, as long as the store's
	 * clock does not go back. A system that remembers the largest one it has seen, and
	 * refuses what comes with a smaller one, is safe from an owner that was paused for
	 * longer than its lease. The store is asked once for each run, when the first number
	 * is wanted, and nothing before.
	 * @throws LeaseLostException if the record is somebody else's by now, or nobody's
	 * @throws StoreUnavailableException if the store cannot tell
	 * @throws UnsupportedOperationException if the store has no such numbers
	 */
	public long fencingNumber() {
		long known = this.fencingNumber;
		if (known != 0) {
			return known;
		}
		long asked = this.fencingNumbers.getAsLong();
		// whichever thread of the run is first, all have its number
		return NUMBER.compareAndSet(this, 0, asked) ? asked : this.fencingNumber;
	}

	/**
	 * What somebody keeps for the time of this run.
	 * @param type whose; each type has one
	 * @param initial makes it when it is asked for the first time
	 */
	public <T> T attachment(Class<T> type, Supplier<? extends T> initial) {
		Map<Class<?>, Object> kept = this.attachments;
		if (kept == null) {
			kept = makeRoom();
		}
		return type.cast(kept.computeIfAbsent(type, (key) -> initial.get()));
	}

	private synchronized Map<Class<?>, Object> makeRoom() {
		Map<Class<?>, Object> room = this.attachments;
		if (room == null) {
			room = new ConcurrentHashMap<>(2);
			this.attachments = room;
		}
		return room;
	}

	/**
	 * The same run, with attachments of its own: for a part of it that is told apart from
	 * the rest.
	 */
	public IdempotencyContext part() {
		return new IdempotencyContext(this.operation, this.keyDigest, this::fencingNumber);
	}

	/** Names the operation and the record, and nothing of a caller. */
	@Override
	public String toString() {
		return "IdempotencyContext[" + this.operation + ", record " + this.keyDigest + "]";
	}

}
