package io.idempotency.store.jdbc;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreAwayException;

/** One step of the store, as a thread of {@link DatabaseCalls} makes it. */
final class DatabaseCall<T> implements Callable<T> {

	/** How often a step is made again that others were in the way of. */
	private static final int COLLISIONS = 100;

	/** What a step does with the table. */
	interface Step<T> {

		T take(RecordTable table) throws SQLException;

	}

	private enum Phase {

		/** For a thread or a connection: nothing was sent. */
		WAITING,

		/** The database may have been told. */
		SENDING,

		/** Its caller has gone. */
		GIVEN_UP

	}

	private final DatabaseLink link;

	private final Step<T> step;

	private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);

	DatabaseCall(DatabaseLink link, Step<T> step) {
		this.link = link;
		this.step = step;
	}

	/**
	 * Ends it before its next statement.
	 * @return whether nothing was sent, nor will be
	 */
	boolean giveUp() {
		return this.phase.getAndSet(Phase.GIVEN_UP) == Phase.WAITING;
	}

	@Override
	public T call() {
		try (BorrowedConnection connection = connect()) {
			if (!this.phase.compareAndSet(Phase.WAITING, Phase.SENDING)) {
				throw new CancellationException("Nobody waits for this call any more");
			}
			return make(this.link.table(connection, this::requireWanted));
		}
		catch (SQLException ex) {
			throw new IdempotencyStoreException(SqlFailure.explain(ex), ex, !SqlFailure.isUnanswered(ex));
		}
	}

	private BorrowedConnection connect() {
		try {
			return this.link.connect();
		}
		catch (SQLException | RuntimeException ex) {
			throw new StoreAwayException("There is no connection to the database: " + ex.getMessage(), ex);
		}
	}

	private T make(RecordTable table) throws SQLException {
		for (int collisions = 0;; collisions++) {
			try {
				return this.step.take(table);
			}
			catch (SQLException ex) {
				if (!SqlFailure.isUnanswered(ex)) {
					table.rollBack();
				}
				if (!SqlFailure.isCollision(ex) || collisions == COLLISIONS) {
					throw ex;
				}
				// apart from each other, or they meet again
				LockSupport
					.parkNanos(ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(collisions + 1)));
			}
		}
	}

	private void requireWanted() {
		if (this.phase.get() == Phase.GIVEN_UP) {
			throw new CancellationException("Nobody waits for this call any more");
		}
	}

}
