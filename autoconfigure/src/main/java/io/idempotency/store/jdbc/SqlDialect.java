package io.idempotency.store.jdbc;

import java.util.List;

import io.idempotency.InvalidIdempotencyConfigurationException;

/**
 * What differs from database to database. For another one, add a constant, a script
 * {@code schema-<name>.sql} beside this class, and a subclass of the contract test.
 * <p>
 * The clock is milliseconds since 1970, whatever the time zone of the session, and one
 * moment for the whole statement, so that an index on times can be used.
 */
enum SqlDialect {

	/** PostgreSQL. */
	POSTGRESQL("PostgreSQL", "CAST(floor(extract(epoch FROM statement_timestamp()) * 1000) AS bigint)", "INSERT INTO",
			" ON CONFLICT DO NOTHING", " LIMIT ?"),

	/** MySQL, and MariaDB over the driver of MySQL. */
	MYSQL("MySQL", "(timestampdiff(MICROSECOND, '1970-01-01 00:00:00', utc_timestamp(3)) DIV 1000)",
			"INSERT IGNORE INTO", "", " LIMIT ?"),

	/** MariaDB. */
	MARIADB("MariaDB", MYSQL.now, MYSQL.insert, "", MYSQL.limit),

	/**
	 * H2, also where it stands in for another database. A key that is there is an error,
	 * see {@link SqlFailure#isDuplicate}.
	 */
	H2("H2", "CAST(extract(epoch FROM current_timestamp) * 1000 AS bigint)", "INSERT INTO", "",
			" FETCH FIRST ? ROWS ONLY");

	private final String product;

	private final String now;

	private final String insert;

	private final String unlessPresent;

	private final String limit;

	SqlDialect(String product, String now, String insert, String unlessPresent, String limit) {
		this.product = product;
		this.now = now;
		this.insert = insert;
		this.unlessPresent = unlessPresent;
		this.limit = limit;
	}

	/** An expression for the database's own time. */
	String now() {
		return this.now;
	}

	/**
	 * An expression for the same time in microseconds, of the moment at which the
	 * statement began, not its transaction.
	 */
	String nowInMicros() {
		return switch (this) {
			case POSTGRESQL -> "CAST(floor(extract(epoch FROM statement_timestamp()) * 1000000) AS bigint)";
			case MYSQL, MARIADB -> "timestampdiff(MICROSECOND, '1970-01-01 00:00:00', utc_timestamp(6))";
			case H2 -> "CAST(extract(epoch FROM current_timestamp(6)) * 1000000 AS bigint)";
		};
	}

	/** How a statement begins that inserts nothing where the key is present. */
	String insert() {
		return this.insert;
	}

	/** How such a statement ends. */
	String unlessPresent() {
		return this.unlessPresent;
	}

	/**
	 * How a statement begins that does not wait for a transaction which holds the key.
	 * That of MySQL waits for a second.
	 */
	String insertAtOnce() {
		return (this == MARIADB) ? "SET STATEMENT innodb_lock_wait_timeout = 0 FOR " + this.insert : this.insert;
	}

	/** The values of such a statement. */
	String valuesAtOnce(String values) {
		return locksBeforeInsert() ? " SELECT " + values + " WHERE pg_try_advisory_xact_lock(?)"
				: " VALUES (" + values + ")";
	}

	/**
	 * Whether such a statement takes a lock on the key itself, until the transaction
	 * ends, and inserts nothing where somebody else has that: an insert would wait.
	 */
	boolean locksBeforeInsert() {
		return this == POSTGRESQL;
	}

	/** Whether such a statement locks the row that it finds in place of its own. */
	boolean locksPresent() {
		return this == MYSQL || this == MARIADB;
	}

	/** What has to be set before such a statement. */
	List<String> beforeInsertAtOnce() {
		return switch (this) {
			case MYSQL -> List
				.of("SET @idempotency_wait = @@SESSION.innodb_lock_wait_timeout, SESSION innodb_lock_wait_timeout = 1");
			case H2 -> List.of("SET @IDEMPOTENCY_WAIT = LOCK_TIMEOUT()", "SET LOCK_TIMEOUT 1");
			case POSTGRESQL, MARIADB -> List.of();
		};
	}

	/** What has to be set after it, so that the session is as it was. */
	List<String> afterInsertAtOnce() {
		return switch (this) {
			case MYSQL -> List.of("SET SESSION innodb_lock_wait_timeout = @idempotency_wait");
			case H2 -> List.of("SET LOCK_TIMEOUT @IDEMPOTENCY_WAIT");
			case POSTGRESQL, MARIADB -> List.of();
		};
	}

	/** How a query ends that wants so many rows. */
	String limit() {
		return this.limit;
	}

	/**
	 * Whether the driver's timeout of a statement is one of that statement. That of H2
	 * would stay with the connection, and its locks are waited for briefly anyway.
	 */
	boolean hasStatementTimeout() {
		return this != H2;
	}

	/**
	 * The dialect of a database.
	 * @param product what the driver calls it
	 * @throws InvalidIdempotencyConfigurationException if there is none
	 */
	static SqlDialect of(String product) {
		for (SqlDialect dialect : values()) {
			if (dialect.product.equalsIgnoreCase(product)) {
				return dialect;
			}
		}
		throw new InvalidIdempotencyConfigurationException(
				"The store 'jdbc' does not know the database '" + product
						+ "': it knows PostgreSQL, MySQL, MariaDB and H2.",
				"Use one of these, or another store. To have yours supported, contribute a dialect: a constant of "
						+ SqlDialect.class.getName() + ", a schema script beside it, and a subclass of the contract"
						+ " test that passes.");
	}

}
