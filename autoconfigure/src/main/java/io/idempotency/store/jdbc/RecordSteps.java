package io.idempotency.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;

/**
 * Steps that take more than one statement. What was found by one may have changed when
 * the next is made, so each writes on condition, and looks again where that failed.
 */
final class RecordSteps {

	/** A record that changes so often between two statements does not hold still. */
	private static final int ATTEMPTS = 100;

	private RecordSteps() {
	}

	/**
	 * Inserts a claim, or takes over what has expired, or tells what is there.
	 * @param present is set once it is known that there is something
	 */
	static ClaimOutcome claim(RecordTable table, Claim claim, AtomicBoolean present) throws SQLException {
		for (int i = 0; i < ATTEMPTS; i++) {
			if (table.insert(claim)) {
				return ClaimOutcome.Acquired.INSTANCE;
			}
			present.set(true);
			RecordRow found = table.read(claim.key());
			if (found != null && !found.isExpired()) {
				return found.read(claim.owner());
			}
			if (found != null && table.replaceExpired(claim)) {
				return ClaimOutcome.Acquired.INSTANCE;
			}
			// it ended, or somebody else took it over, between two steps: look again
		}
		throw restless();
	}

	/**
	 * Inserts a claim in a transaction, or tells what is there, without waiting for a
	 * transaction that holds the record.
	 * @param joined whether the transaction goes on whatever was found
	 * @return what was found, or nothing if that is a record whose time is over
	 */
	static Optional<ClaimOutcome> claimAtOnce(RecordTable table, Claim claim, boolean joined) throws SQLException {
		RecordTable.Insertion insertion = table.insertAtOnce(claim);
		if (insertion == RecordTable.Insertion.DONE) {
			return Optional.of(ClaimOutcome.Acquired.INSTANCE);
		}
		RecordRow found = (insertion == RecordTable.Insertion.PRESENT) ? table.read(claim.key()) : null;
		if (found == null) {
			return Optional.of(ClaimOutcome.Uncommitted.INSTANCE);
		}
		if (!found.isExpired()) {
			return Optional.of(found.read(claim.owner()));
		}
		// nobody else could remove what this transaction has locked and keeps locked
		return (joined && table.locksPresent() && table.replaceExpired(claim))
				? Optional.of(ClaimOutcome.Acquired.INSTANCE) : Optional.empty();
	}

	/** Replaces the owner's record, or what has expired, or nothing, by a result. */
	static boolean complete(RecordTable table, Claim claim, StoredResult result, Duration retention)
			throws SQLException {
		for (int i = 0; i < ATTEMPTS; i++) {
			if (table.complete(claim, result, retention)) {
				return true;
			}
			RecordRow found = table.read(claim.key());
			boolean completed;
			if (found == null) {
				completed = table.insert(claim, result, retention);
			}
			else if (found.isExpired()) {
				completed = table.replaceExpired(claim, result, retention);
			}
			else if (!found.isOpenTo(claim.owner())) {
				return found.isCompletedBy(claim.owner());
			}
			else {
				completed = false;
			}
			if (completed) {
				return true;
			}
			// it changed between two steps: look again
		}
		throw restless();
	}

	/** Removes a record that is in one of some states; returns what was found. */
	static Optional<RecordView> remove(RecordTable table, RecordKey key, Set<RecordState> states) throws SQLException {
		for (int i = 0; i < ATTEMPTS; i++) {
			SeenRow found = table.look(key);
			if (found == null) {
				return Optional.empty();
			}
			if (!states.contains(found.view().state()) || table.remove(key, found)) {
				return Optional.of(found.view());
			}
			// it changed between two steps: look again
		}
		throw restless();
	}

	/**
	 * Counts one more.
	 * @param first a counter that begins now
	 * @return how long the counter lasts if it has reached the limit, else zero
	 */
	static Duration count(RecordTable table, Claim first, int limit) throws SQLException {
		for (int i = 0; i < ATTEMPTS; i++) {
			boolean counted = table.count(first.key());
			RecordRow found = table.read(first.key());
			if (found != null && !found.isExpired() && counted) {
				return (found.owner() >= limit) ? Duration.ofMillis(found.expiresAt() - found.now()) : Duration.ZERO;
			}
			if ((found == null || found.isExpired()) && table.startCounter(first, found != null)) {
				return (limit <= 1) ? first.lease() : Duration.ZERO;
			}
		}
		throw restless();
	}

	private static IdempotencyStoreException restless() {
		return new IdempotencyStoreException("A record changed again and again while it was looked at", null, true);
	}

}
