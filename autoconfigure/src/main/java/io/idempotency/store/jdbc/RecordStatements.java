package io.idempotency.store.jdbc;

/**
 * The statements of one dialect. Each transition is one of them, its conditions are in
 * its {@code WHERE}, and its row count is the verdict.
 */
final class RecordStatements {

	private static final String TABLE = "idempotency_record";

	/** The record is there, and its time is not over. */
	private static final String OWN_PENDING = " WHERE record_key = ? AND owner_token = ? AND status = "
			+ RecordRow.PENDING + " AND expires_at > ";

	private final SqlDialect dialect;

	private final String insert;

	private final String insertAtOnce;

	private final String read;

	private final String replaceExpired;

	private final String complete;

	private final String renew;

	private final String release;

	private final String withdraw;

	private final String abandon;

	private final String expired;

	private final String purge;

	private final String count;

	private final String fence;

	private final String look;

	private final String remove;

	RecordStatements(SqlDialect dialect) {
		String now = dialect.now();
		this.dialect = dialect;
		String columns = " " + TABLE + " (operation, status, owner_token, fingerprint, created_at, lease_until,"
				+ " expires_at, result, record_key)";
		String values = "?, ?, ?, ?, " + now + ", " + now + " + ?, " + now + " + ?, ?, ?";
		this.insert = dialect.insert() + columns + " VALUES (" + values + ")" + dialect.unlessPresent();
		this.insertAtOnce = dialect.insertAtOnce() + columns + dialect.valuesAtOnce(values) + dialect.unlessPresent();
		this.read = "SELECT status, owner_token, fingerprint, lease_until, expires_at, " + now
				+ " AS read_at, result FROM " + TABLE + " WHERE record_key = ?";
		this.replaceExpired = "UPDATE " + TABLE
				+ " SET operation = ?, status = ?, owner_token = ?, fingerprint = ?, created_at = " + now
				+ ", lease_until = " + now + " + ?, expires_at = " + now
				+ " + ?, result = ? WHERE record_key = ? AND expires_at <= " + now;
		this.complete = "UPDATE " + TABLE + " SET status = ?, lease_until = " + now + ", expires_at = " + now
				+ " + ?, result = ? WHERE record_key = ? AND owner_token = ? AND status IN (" + RecordRow.PENDING + ", "
				+ RecordRow.ABANDONED + ")";
		// a driver may count changed rows only, so a renewal always changes something
		this.renew = "UPDATE " + TABLE + " SET lease_until = " + now + " + ? + CASE WHEN lease_until = " + now
				+ " + ? THEN 1 ELSE 0 END, expires_at = " + now + " + ?" + OWN_PENDING + now;
		this.release = "DELETE FROM " + TABLE + OWN_PENDING + now;
		this.withdraw = "DELETE FROM " + TABLE + " WHERE record_key = ? AND owner_token = ? AND status = "
				+ RecordRow.PENDING;
		this.abandon = "UPDATE " + TABLE + " SET status = " + RecordRow.ABANDONED + ", lease_until = " + now
				+ ", expires_at = " + now + " + ?" + OWN_PENDING + now;
		this.expired = "SELECT record_key FROM " + TABLE + " WHERE expires_at <= " + now + " ORDER BY expires_at"
				+ dialect.limit();
		this.purge = "DELETE FROM " + TABLE + " WHERE expires_at <= " + now + " AND record_key IN (?";
		this.count = "UPDATE " + TABLE + " SET owner_token = owner_token + 1 WHERE record_key = ? AND status = "
				+ RecordRow.COUNTER + " AND expires_at > " + now;
		this.fence = "SELECT " + dialect.nowInMicros() + " AS fencing_number FROM " + TABLE + OWN_PENDING + now;
		this.look = "SELECT status, owner_token, fingerprint, lease_until, expires_at, " + now
				+ " AS read_at, created_at, COALESCE(OCTET_LENGTH(result), 0) AS result_length FROM " + TABLE
				+ " WHERE record_key = ? AND operation = ? AND expires_at > " + now;
		this.remove = "DELETE FROM " + TABLE
				+ " WHERE record_key = ? AND operation = ? AND owner_token = ? AND status = ? AND (status <> "
				+ RecordRow.PENDING + " OR lease_until <= " + now + ")";
	}

	SqlDialect dialect() {
		return this.dialect;
	}

	/** Inserts a record unless there is one or another transaction is making one. */
	String insertAtOnce() {
		return this.insertAtOnce;
	}

	/** Inserts a record unless there is one. */
	String insert() {
		return this.insert;
	}

	/** What is under a key, and what time it is. */
	String read() {
		return this.read;
	}

	/** Replaces a record whose time is over. */
	String replaceExpired() {
		return this.replaceExpired;
	}

	/** Replaces what is the owner's to complete. */
	String complete() {
		return this.complete;
	}

	String renew() {
		return this.renew;
	}

	String release() {
		return this.release;
	}

	/** Removes a pending record even if its time is over. */
	String withdraw() {
		return this.withdraw;
	}

	String abandon() {
		return this.abandon;
	}

	/** The keys of records whose time is over, the oldest first. */
	String expired() {
		return this.expired;
	}

	/** Removes so many records whose time is over. */
	String purge(int records) {
		return this.purge + ", ?".repeat(records - 1) + ")";
	}

	/** Adds one to a counter. */
	String count() {
		return this.count;
	}

	/** What an operator sees of a record whose time is not over. */
	String look() {
		return this.look;
	}

	/** Removes a record of an owner in a status, unless its lease lasts. */
	String remove() {
		return this.remove;
	}

	/** What time it is in microseconds, if the record is the owner's. */
	String fence() {
		return this.fence;
	}

}
