package io.idempotency.aop;

import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Idempotent methods that write a row and do what a test wants. */
class Bookings {

	/** What a test does within a method. */
	interface Body {

		/** Nothing more than to write. */
		Body NOTHING = () -> {
		};

		void run() throws Throwable;

	}

	private final JdbcTemplate sql;

	private final AtomicInteger runs = new AtomicInteger();

	Bookings(JdbcTemplate sql) {
		this.sql = sql;
	}

	/** Without a transaction of its own. */
	@Idempotent(key = "#key", fingerprint = "#note", operation = "book")
	public int book(String key, String note, Body body) throws Throwable {
		return write(key, body);
	}

	@Idempotent(key = "#key", fingerprint = "'any'", operation = "book-in-transaction")
	@Transactional
	public int bookInTransaction(String key, Body body) throws Throwable {
		return write(key, body);
	}

	@Idempotent(key = "#key", fingerprint = "'any'", operation = "book-nested")
	@Transactional(propagation = Propagation.NESTED)
	public int bookNested(String key, Body body) throws Throwable {
		return write(key, body);
	}

	@Idempotent(key = "#key", fingerprint = "'any'", operation = "book-waiting", inProgress = InProgress.WAIT,
			waitTimeout = "20s")
	public int bookWaiting(String key, Body body) throws Throwable {
		return write(key, body);
	}

	@Idempotent(key = "#key", fingerprint = "'any'", operation = "book-hasty", inProgress = InProgress.WAIT,
			waitTimeout = "300ms")
	public int bookHasty(String key, Body body) throws Throwable {
		return write(key, body);
	}

	@Idempotent(key = "#key", fingerprint = "'any'", operation = "nothing")
	public Object nothing(String key) throws Throwable {
		write(key, Body.NOTHING);
		return null;
	}

	@Idempotent(key = "#key", fingerprint = "'any'", operation = "silent")
	public void silent(String key) throws Throwable {
		write(key, Body.NOTHING);
	}

	@Idempotent(key = "#key", fingerprint = "'any'", operation = "unspeakable")
	public Object unspeakable(String key, Object result) throws Throwable {
		write(key, Body.NOTHING);
		return result;
	}

	private int write(String key, Body body) throws Throwable {
		this.sql.update("INSERT INTO effect VALUES (?)", key);
		body.run();
		return this.runs.incrementAndGet();
	}

	/** Writes without a record. */
	public void writeOnly(String key) {
		this.sql.update("INSERT INTO effect VALUES (?)", key);
	}

}
