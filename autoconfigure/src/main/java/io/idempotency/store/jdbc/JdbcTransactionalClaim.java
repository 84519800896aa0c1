package io.idempotency.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.TransactionalClaim;

/** A claim in a transaction of the application. */
final class JdbcTransactionalClaim implements TransactionalClaim {

	private final JdbcIdempotencyStore records;

	private final OpenTransaction transaction;

	private final Claim claim;

	private final ClaimOutcome outcome;

	/**
	 * @param transaction open if the outcome is that the claim was acquired
	 */
	JdbcTransactionalClaim(JdbcIdempotencyStore records, OpenTransaction transaction, Claim claim,
			ClaimOutcome outcome) {
		this.records = records;
		this.transaction = transaction;
		this.claim = claim;
		this.outcome = outcome;
	}

	@Override
	public ClaimOutcome outcome() {
		return this.outcome;
	}

	@Override
	public boolean isJoined() {
		return this.transaction.isJoined();
	}

	@Override
	public void flush() {
		this.transaction.flush();
	}

	@Override
	public void commit(StoredResult result, Duration retention) {
		commit((table) -> table.complete(this.claim, result, retention));
	}

	@Override
	public void commitReleased() {
		commit((table) -> table.withdraw(this.claim));
	}

	/**
	 * @param last the step that ends the claim; returns whether there was one
	 */
	private void commit(DatabaseCall.Step<Boolean> last) {
		boolean done;
		try {
			done = this.transaction.work((connection) -> last.take(this.records.link().joined(connection)));
		}
		catch (SQLException ex) {
			this.transaction.rollBack();
			throw OpenTransaction.failed(ex);
		}
		catch (RuntimeException | Error ex) {
			this.transaction.rollBack();
			throw ex;
		}
		if (!done) {
			this.transaction.rollBack();
			throw new IdempotencyStoreException(
					"The record of a call was removed by the call's own transaction, which was rolled back", null,
					true);
		}
		this.transaction.commit();
	}

	@Override
	public void rollBack() {
		this.transaction.rollBack();
	}

	@Override
	public boolean rollBackAndKeep(StoredResult result, Duration retention) {
		boolean joined = this.transaction.isJoined();
		this.transaction.rollBack();
		// the transaction that was joined still has the record
		return !joined && this.records.complete(this.claim, result, retention);
	}

}
