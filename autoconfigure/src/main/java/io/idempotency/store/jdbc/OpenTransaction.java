package io.idempotency.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreAwayException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionUsageException;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A transaction of the application that was begun, or joined, for one claim. Learns how
 * it ended from the transaction itself: what is thrown at a commit may come from what the
 * application does after it.
 */
final class OpenTransaction {

	private static final Log logger = LogFactory.getLog(OpenTransaction.class);

	private static final int NOT_ENDED = -1;

	/** What is done with the connection of a transaction. */
	interface Work<T> {

		T with(Connection connection) throws SQLException;

	}

	private final PlatformTransactionManager manager;

	private final DataSource dataSource;

	private final TransactionStatus status;

	private int ending = NOT_ENDED;

	private OpenTransaction(PlatformTransactionManager manager, DataSource dataSource, TransactionStatus status) {
		this.manager = manager;
		this.dataSource = dataSource;
		this.status = status;
	}

	/**
	 * Begins a transaction or joins the thread's.
	 * @throws IdempotencyStoreException if there is no connection for it
	 * @throws IllegalStateException if the thread is in one that the claim cannot be in
	 */
	static OpenTransaction begin(PlatformTransactionManager manager, TransactionDefinition definition,
			DataSource dataSource) {
		TransactionDefinition wanted = definition;
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			requireUsable(dataSource);
			// a connection that another manager's transaction uses is none to join
			DefaultTransactionDefinition joining = new DefaultTransactionDefinition(definition);
			joining.setPropagationBehavior(TransactionDefinition.PROPAGATION_MANDATORY);
			wanted = joining;
		}
		OpenTransaction begun;
		try {
			begun = new OpenTransaction(manager, dataSource, manager.getTransaction(wanted));
		}
		catch (TransactionUsageException ex) {
			throw new IllegalStateException("The store 'jdbc-transactional' cannot join the transaction around this"
					+ " call: " + ex.getMessage() + ". Call it outside of that, or mark the DataSource of the store"
					+ " and its transaction manager with @IdempotencyDatabase", ex);
		}
		catch (TransactionException ex) {
			throw new StoreAwayException("No transaction could be begun: " + ex.getMessage(), ex);
		}
		try {
			begun.requireConnection();
			if (!begun.isJoined() && TransactionSynchronizationManager.isSynchronizationActive()) {
				TransactionSynchronizationManager.registerSynchronization(begun.new Ending());
			}
		}
		catch (RuntimeException | Error ex) {
			begun.rollBack();
			throw ex;
		}
		return begun;
	}

	private static void requireUsable(DataSource dataSource) {
		if (!TransactionSynchronizationManager.hasResource(dataSource)) {
			throw new IllegalStateException("The call is within a transaction of another transaction manager or another"
					+ " DataSource, so its claim could not be committed with it. Call it outside of that, or mark the"
					+ " DataSource of the store 'jdbc-transactional' and its transaction manager with @IdempotencyDatabase");
		}
		if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			throw new IllegalStateException("The call is within a read-only transaction, in which no claim can be made."
					+ " Take readOnly = true away from the method around it, or call it outside");
		}
	}

	/**
	 * Whatever manager it is: its transactions have to be those of the store's database.
	 */
	private void requireConnection() {
		boolean transactional = false;
		if (TransactionSynchronizationManager.hasResource(this.dataSource)) {
			try {
				transactional = !work(Connection::getAutoCommit);
			}
			catch (SQLException ex) {
				throw failed(ex);
			}
		}
		if (!transactional) {
			throw new IllegalStateException("Transactions of " + this.manager.getClass().getName() + " are none of the"
					+ " DataSource of the store 'jdbc-transactional'. Mark the DataSource and its transaction manager"
					+ " with @IdempotencyDatabase");
		}
	}

	/** Whether somebody else began it and will end it. */
	boolean isJoined() {
		return !this.status.isNewTransaction();
	}

	/** Uses the connection. */
	<T> T work(Work<T> work) throws SQLException {
		Connection connection = DataSourceUtils.doGetConnection(this.dataSource);
		try {
			return work.with(connection);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	void flush() {
		this.status.flush();
	}

	/**
	 * Commits it, unless somebody else will.
	 * @throws IdempotencyStoreException if it was not committed, or nobody knows
	 */
	void commit() {
		try {
			this.manager.commit(this.status);
		}
		catch (RuntimeException | Error ex) {
			if (this.ending == TransactionSynchronization.STATUS_COMMITTED) {
				logger.error("A transaction was committed, and something that was to happen after that failed", ex);
				return;
			}
			rollBack();
			throw (this.ending == TransactionSynchronization.STATUS_ROLLED_BACK)
					? new IdempotencyStoreException("The transaction was rolled back: " + ex.getMessage(), ex, true)
					: IdempotencyStoreException
						.undecided("The commit of the transaction was not confirmed: " + ex.getMessage(), ex);
		}
		if (this.ending == TransactionSynchronization.STATUS_ROLLED_BACK) {
			throw new IdempotencyStoreException("The transaction was rolled back, as somebody had asked for", null,
					true);
		}
	}

	/**
	 * Rolls it back, or sees to it that whoever ends it does. What fails here leaves a
	 * connection that is broken, and with it no transaction.
	 */
	void rollBack() {
		if (this.status.isCompleted()) {
			return;
		}
		try {
			if (isJoined()) {
				// some managers would leave the decision to whoever began it
				this.status.setRollbackOnly();
			}
			this.manager.rollback(this.status);
		}
		catch (RuntimeException | Error ex) {
			logger.warn("The rollback of a transaction failed: what is not committed does not stay", ex);
		}
	}

	/**
	 * Ends a look that found nothing to be done. A transaction that was joined goes on.
	 */
	void end() {
		if (!isJoined()) {
			rollBack();
		}
		else if (!this.status.isCompleted()) {
			this.manager.commit(this.status);
		}
	}

	static IdempotencyStoreException failed(SQLException ex) {
		return new IdempotencyStoreException(SqlFailure.explain(ex), ex, !SqlFailure.isUnanswered(ex));
	}

	/** Hears how the transaction ended. */
	private final class Ending implements TransactionSynchronization {

		@Override
		public void afterCompletion(int status) {
			OpenTransaction.this.ending = status;
		}

	}

}
