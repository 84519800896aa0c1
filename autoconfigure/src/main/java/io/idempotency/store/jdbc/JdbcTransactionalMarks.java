package io.idempotency.store.jdbc;

import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import io.idempotency.store.StreamKey;
import io.idempotency.store.TransactionalMark;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/** Marks that are advanced in transactions of the application. */
final class JdbcTransactionalMarks {

	/** How often a step is made again that others were in the way of. */
	private static final int ATTEMPTS = 100;

	private final DatabaseLink link;

	private final DataSource dataSource;

	private final PlatformTransactionManager transactions;

	private final TransactionDefinition definition;

	JdbcTransactionalMarks(DatabaseLink link, DataSource dataSource, PlatformTransactionManager transactions,
			TransactionDefinition definition) {
		this.link = link;
		this.dataSource = dataSource;
		this.transactions = transactions;
		this.definition = definition;
	}

	TransactionalMark begin(StreamKey stream, long position) {
		for (int i = 1;; i++) {
			TransactionalMark begun = attempt(stream, position, i == ATTEMPTS);
			if (begun != null) {
				return begun;
			}
			// apart from each other, or they meet again
			LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(i)));
		}
	}

	private @Nullable TransactionalMark attempt(StreamKey stream, long position, boolean last) {
		OpenTransaction transaction = OpenTransaction.begin(this.transactions, this.definition, this.dataSource);
		boolean advanced;
		try {
			advanced = transaction
				.work((connection) -> MarkSteps.raise(this.link.joined(connection).marks(), stream, position));
		}
		catch (SQLException ex) {
			boolean again = SqlFailure.isCollision(ex) && !transaction.isJoined() && !last;
			transaction.rollBack();
			if (again) {
				return null;
			}
			throw OpenTransaction.failed(ex);
		}
		catch (RuntimeException | Error ex) {
			transaction.rollBack();
			throw ex;
		}
		if (!advanced) {
			transaction.end();
		}
		return new Mark(transaction, advanced);
	}

	private record Mark(OpenTransaction transaction, boolean isAdvanced) implements TransactionalMark {

		@Override
		public void flush() {
			this.transaction.flush();
		}

		@Override
		public void commit() {
			this.transaction.commit();
		}

		@Override
		public void rollBack() {
			this.transaction.rollBack();
		}

	}

}
