package io.idempotency.store.jdbc;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.RecordKey;
import org.jspecify.annotations.Nullable;

/** The table of records, over one connection. Each method is one statement. */
final class RecordTable {

	private static final int LONGEST_OPERATION = 255;

	/** What became of an insert that does not wait. */
	enum Insertion {

		/** There was no record. */
		DONE,

		/** There is a record, or another transaction is about to make one. */
		PRESENT,

		/** Another transaction has made a record and has not ended. */
		HELD

	}

	private final TableSession session;

	private final RecordStatements statements;

	RecordTable(TableSession session, RecordStatements statements) {
		this.session = session;
		this.statements = statements;
	}

	/** The table of marks, over the same connection. */
	MarkTable marks() {
		return new MarkTable(this.session, this.statements.dialect());
	}

	/** Whether the claim's record was inserted: there was none. */
	boolean insert(Claim claim) throws SQLException {
		return insert(this.statements.insert(), claim, RecordRow.PENDING, pendingLife(claim), null);
	}

	/** Whether the claim's result was inserted: there was no record. */
	boolean insert(Claim claim, StoredResult result, Duration retention) throws SQLException {
		return insert(this.statements.insert(), claim, status(result), completedLife(retention), payload(result));
	}

	/** Whether a record whose time is over made room for the claim's. */
	boolean replaceExpired(Claim claim) throws SQLException {
		return insert(this.statements.replaceExpired(), claim, RecordRow.PENDING, pendingLife(claim), null);
	}

	/** Whether a record whose time is over made room for the claim's result. */
	boolean replaceExpired(Claim claim, StoredResult result, Duration retention) throws SQLException {
		return insert(this.statements.replaceExpired(), claim, status(result), completedLife(retention),
				payload(result));
	}

	/**
	 * Whether a counter that stands at one was put where nothing or an expired one is.
	 */
	boolean startCounter(Claim window, boolean expired) throws SQLException {
		return insert(expired ? this.statements.replaceExpired() : this.statements.insert(), window, RecordRow.COUNTER,
				pendingLife(window), null);
	}

	/**
	 * Inserts the claim's record, and does not wait for a transaction that holds its key.
	 * To be called within a transaction.
	 */
	Insertion insertAtOnce(Claim claim) throws SQLException {
		SqlDialect dialect = this.statements.dialect();
		for (String setting : dialect.beforeInsertAtOnce()) {
			this.session.set(setting);
		}
		try {
			int inserted = this.session.update(this.statements.insertAtOnce(), (statement) -> {
				bind(statement, claim, RecordRow.PENDING, pendingLife(claim), null);
				if (dialect.locksBeforeInsert()) {
					byte[] digest = Base64.getUrlDecoder().decode(claim.key().digest());
					statement.setLong(9, ByteBuffer.wrap(digest).getLong());
				}
			});
			return (inserted == 1) ? Insertion.DONE : Insertion.PRESENT;
		}
		catch (SQLException ex) {
			if (SqlFailure.isLocked(ex)) {
				return Insertion.HELD;
			}
			if (SqlFailure.isDuplicate(ex)) {
				return Insertion.PRESENT;
			}
			throw ex;
		}
		finally {
			for (String setting : dialect.afterInsertAtOnce()) {
				this.session.set(setting);
			}
		}
	}

	/** Whether {@link #insertAtOnce} locks the record that it finds present. */
	boolean locksPresent() {
		return this.statements.dialect().locksPresent();
	}

	private boolean insert(String sql, Claim claim, int status, long[] life, byte @Nullable [] result)
			throws SQLException {
		try {
			return this.session.update(sql, (statement) -> bind(statement, claim, status, life, result)) == 1;
		}
		catch (SQLException ex) {
			if (!SqlFailure.isDuplicate(ex)) {
				throw ex;
			}
			this.session.rollBack();
			return false;
		}
	}

	private static void bind(PreparedStatement statement, Claim claim, int status, long[] life,
			byte @Nullable [] result) throws SQLException {
		statement.setString(1, readable(claim.key().operation()));
		statement.setInt(2, status);
		statement.setLong(3, claim.owner().value());
		statement.setBytes(4, claim.fingerprint().toBytes());
		statement.setLong(5, life[0]);
		statement.setLong(6, life[1]);
		statement.setBytes(7, result);
		statement.setString(8, claim.key().digest());
	}

	private static long[] pendingLife(Claim claim) {
		long lease = claim.lease().toMillis();
		return new long[] { lease, lease + claim.hold().toMillis() };
	}

	private static long[] completedLife(Duration retention) {
		return new long[] { 0, retention.toMillis() };
	}

	private static int status(StoredResult result) {
		return result.isKept() ? RecordRow.COMPLETED : RecordRow.NOT_KEPT;
	}

	private static byte @Nullable [] payload(StoredResult result) {
		return result.isKept() ? result.payload() : null;
	}

	/** For people who look into the table; the key alone says which record it is. */
	static String readable(String operation) {
		String text = operation.replace('\0', ' ');
		if (text.length() <= LONGEST_OPERATION) {
			return text;
		}
		// not between the two halves of one character
		return text.substring(0,
				LONGEST_OPERATION - (Character.isHighSurrogate(text.charAt(LONGEST_OPERATION - 1)) ? 1 : 0));
	}

	/** The record under a key, whether or not its time is over. */
	@Nullable RecordRow read(RecordKey key) throws SQLException {
		return this.session.query(this.statements.read(), (statement) -> statement.setString(1, key.digest()),
				(rows) -> rows.next() ? RecordRow.of(rows) : null);
	}

	/** Whether the claim's own record got its result. */
	boolean complete(Claim claim, StoredResult result, Duration retention) throws SQLException {
		return this.session.update(this.statements.complete(), (statement) -> {
			statement.setInt(1, status(result));
			statement.setLong(2, retention.toMillis());
			statement.setBytes(3, payload(result));
			own(statement, 4, claim);
		}) == 1;
	}

	/** Whether the claim's own pending record has another lease. */
	boolean renew(Claim claim) throws SQLException {
		long[] life = pendingLife(claim);
		return this.session.update(this.statements.renew(), (statement) -> {
			statement.setLong(1, life[0]);
			statement.setLong(2, life[0]);
			statement.setLong(3, life[1]);
			own(statement, 4, claim);
		}) == 1;
	}

	/** Whether the claim's own pending record was removed. */
	boolean release(Claim claim) throws SQLException {
		return this.session.update(this.statements.release(), (statement) -> own(statement, 1, claim)) == 1;
	}

	/**
	 * Whether the claim's own pending record is removed, however long ago it was made.
	 */
	boolean withdraw(Claim claim) throws SQLException {
		return this.session.update(this.statements.withdraw(), (statement) -> own(statement, 1, claim)) == 1;
	}

	/** Whether the claim's own pending record is given up. */
	boolean abandon(Claim claim) throws SQLException {
		return this.session.update(this.statements.abandon(), (statement) -> {
			statement.setLong(1, claim.hold().toMillis());
			own(statement, 2, claim);
		}) == 1;
	}

	/** The time in microseconds at which the claim has its own pending record, if so. */
	OptionalLong fence(Claim claim) throws SQLException {
		Long micros = this.session.query(this.statements.fence(), (statement) -> own(statement, 1, claim),
				(rows) -> rows.next() ? rows.getLong(1) : null);
		return (micros != null) ? OptionalLong.of(micros) : OptionalLong.empty();
	}

	/** The record under a key as an operator sees it, unless its time is over. */
	@Nullable SeenRow look(RecordKey key) throws SQLException {
		return this.session.query(this.statements.look(), (statement) -> name(statement, key),
				(rows) -> rows.next() ? SeenRow.of(rows) : null);
	}

	/** Whether a record was removed that is as it was seen and has no lease. */
	boolean remove(RecordKey key, SeenRow seen) throws SQLException {
		return this.session.update(this.statements.remove(), (statement) -> {
			name(statement, key);
			statement.setLong(3, seen.owner());
			statement.setInt(4, seen.status());
		}) == 1;
	}

	/** An operator who mistakes the operation is not shown another one's record. */
	private static void name(PreparedStatement statement, RecordKey key) throws SQLException {
		statement.setString(1, key.digest());
		statement.setString(2, readable(key.operation()));
	}

	/** Whether a counter counted one more. */
	boolean count(RecordKey key) throws SQLException {
		return this.session.update(this.statements.count(), (statement) -> statement.setString(1, key.digest())) == 1;
	}

	/** Keys of records whose time is over. */
	List<String> expired(int limit) throws SQLException {
		List<String> keys = new ArrayList<>();
		this.session.query(this.statements.expired(), (statement) -> statement.setInt(1, limit), (rows) -> {
			while (rows.next()) {
				keys.add(rows.getString(1));
			}
			return null;
		});
		return keys;
	}

	/** Removes those among the records whose time is still over; returns how many. */
	int purge(List<String> keys) throws SQLException {
		return this.session.update(this.statements.purge(keys.size()), (statement) -> {
			for (int i = 0; i < keys.size(); i++) {
				statement.setString(i + 1, keys.get(i));
			}
		});
	}

	private static void own(PreparedStatement statement, int first, Claim claim) throws SQLException {
		statement.setString(first, claim.key().digest());
		statement.setLong(first + 1, claim.owner().value());
	}

	/** Takes back a statement that failed, where the driver has begun a transaction. */
	void rollBack() throws SQLException {
		this.session.rollBack();
	}

}
