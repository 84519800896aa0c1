package io.idempotency.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.FencingNumberSource;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.NewKeyCounter;
import io.idempotency.store.RecordAdministration;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import io.idempotency.store.StreamKey;
import io.idempotency.store.TransactionalClaim;
import io.idempotency.store.TransactionalHighWaterMarkStore;
import io.idempotency.store.TransactionalIdempotencyStore;
import io.idempotency.store.TransactionalMark;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/**
 * Keeps records in the table of {@link JdbcIdempotencyStore}, each in the transaction in
 * which its method runs: the claim, what the method writes over the same
 * {@link DataSource}, and the result are committed together. The transactions are those
 * of the application's own transaction manager, whichever it is, as long as it binds the
 * connection of that DataSource to the thread.
 * <p>
 * A first call costs an insert and an update in the method's own transaction.
 */
public final class JdbcTransactionalIdempotencyStore implements TransactionalIdempotencyStore, FencingNumberSource,
		TransactionalHighWaterMarkStore, NewKeyCounter, RecordAdministration {

	/** How often a claim is made again that others were in the way of. */
	private static final int ATTEMPTS = 100;

	private final JdbcIdempotencyStore records;

	private final DataSource dataSource;

	private final PlatformTransactionManager transactions;

	private final TransactionDefinition definition;

	private final JdbcTransactionalMarks marks;

	/**
	 * @param records keeps the same table
	 * @param dataSource as the transaction manager knows it
	 * @param transactions begins and ends transactions of that DataSource
	 * @param definition what transactions that are begun are like
	 */
	public JdbcTransactionalIdempotencyStore(JdbcIdempotencyStore records, DataSource dataSource,
			PlatformTransactionManager transactions, TransactionDefinition definition) {
		this.records = records;
		this.dataSource = bound(dataSource);
		this.transactions = transactions;
		this.definition = definition;
		this.marks = new JdbcTransactionalMarks(records.linkOfMarks(), this.dataSource, transactions, definition);
	}

	/** As managers do, which bind connections to what is behind such a proxy. */
	private static DataSource bound(DataSource dataSource) {
		DataSource target = (dataSource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource()
				: null;
		return (target != null) ? target : dataSource;
	}

	/** Begins and ends the transactions. */
	public PlatformTransactionManager transactionManager() {
		return this.transactions;
	}

	@Override
	public TransactionalClaim begin(Claim claim) {
		for (int i = 1;; i++) {
			JdbcTransactionalClaim begun = attempt(claim, i == ATTEMPTS);
			if (begun != null) {
				return begun;
			}
			// apart from each other, or they meet again
			LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(i)));
		}
	}

	private @Nullable JdbcTransactionalClaim attempt(Claim claim, boolean last) {
		OpenTransaction transaction = OpenTransaction.begin(this.transactions, this.definition, this.dataSource);
		Optional<ClaimOutcome> outcome;
		try {
			outcome = transaction.work((connection) -> RecordSteps.claimAtOnce(this.records.link().joined(connection),
					claim, transaction.isJoined()));
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
		ClaimOutcome found = outcome.orElse(null);
		if (!(found instanceof ClaimOutcome.Acquired)) {
			transaction.end();
		}
		if (found != null) {
			return new JdbcTransactionalClaim(this.records, transaction, claim, found);
		}
		if (last) {
			throw new IdempotencyStoreException("A record changed again and again while it was looked at", null, true);
		}
		// not here, where its row would stay locked until the method is done
		this.records.removeExpired(claim.key());
		return null;
	}

	/**
	 * The time of the database, in microseconds. Nobody but the transaction of the claim
	 * sees its record.
	 */
	@Override
	public OptionalLong fencingNumber(Claim claim) {
		try {
			Connection connection = DataSourceUtils.doGetConnection(this.dataSource);
			try {
				return this.records.link().joined(connection).fence(claim);
			}
			finally {
				DataSourceUtils.releaseConnection(connection, this.dataSource);
			}
		}
		catch (SQLException ex) {
			throw OpenTransaction.failed(ex);
		}
	}

	@Override
	public TransactionalMark begin(StreamKey stream, long position) {
		return this.marks.begin(stream, position);
	}

	@Override
	public OptionalLong read(StreamKey stream) {
		return this.records.read(stream);
	}

	/** What is committed; a claim of a running transaction is not. */
	@Override
	public Optional<RecordView> look(RecordKey key) {
		return this.records.look(key);
	}

	@Override
	public Optional<RecordView> remove(RecordKey key, Set<RecordState> states) {
		return this.records.remove(key, states);
	}

	@Override
	public CompletionStage<Duration> countNewKey(String scope, int limit, Duration window) {
		return this.records.countNewKey(scope, limit, window);
	}

}
