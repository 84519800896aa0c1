package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.TransactionalClaim;
import io.idempotency.testsupport.Claims;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * 64 threads make 1,000 calls of which each is sent three times, by different threads in
 * different orders, and is sent again after every failure. All transactions write to one
 * of a few rows, so that they meet.
 */
final class IsolationMatrix implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(IsolationMatrix.class);

	private static final int THREADS = 64;

	private static final int KEYS = 1000;

	private static final int DUPLICATES = 3;

	private static final int ACCOUNTS = 10;

	private final String isolation;

	private final HikariDataSource pool;

	private final JdbcTemplate sql;

	private final List<Node> nodes;

	private final List<Claim> calls = IntStream.range(0, KEYS).mapToObj((i) -> Claims.fresh()).toList();

	private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

	IsolationMatrix(TestDatabase database, JdbcIdempotencyStore records, String isolation) {
		this.isolation = isolation;
		this.pool = database.pool();
		this.sql = new JdbcTemplate(this.pool);
		this.nodes = List.of(node(database, records), node(database, records));
	}

	private Node node(TestDatabase database, JdbcIdempotencyStore records) {
		HikariDataSource pool = database.pool(THREADS / 2,
				JdbcStoreContract.settings("transactionIsolation", this.isolation));
		return new Node(pool, new JdbcTemplate(pool), new JdbcTransactionalIdempotencyStore(records, pool,
				new JdbcTransactionManager(pool), new DefaultTransactionDefinition()));
	}

	/**
	 * One of the processes of an application, as the database sees it.
	 */
	private record Node(HikariDataSource pool, JdbcTemplate sql, JdbcTransactionalIdempotencyStore store) {
	}

	void run() throws Exception {
		this.sql.execute("DROP TABLE IF EXISTS account");
		this.sql.execute("DROP TABLE IF EXISTS booking");
		this.sql.execute("CREATE TABLE account (id int NOT NULL PRIMARY KEY, bookings int NOT NULL)");
		this.sql.execute("CREATE TABLE booking (record_key varchar(22) NOT NULL, answer varchar(40) NOT NULL)");
		for (int i = 0; i < ACCOUNTS; i++) {
			this.sql.update("INSERT INTO account VALUES (?, 0)", i);
		}
		long startedAt = System.nanoTime();
		AtomicInteger next = new AtomicInteger();
		JdbcStoreContract.inParallel(THREADS, (thread) -> {
			for (int i = next.getAndIncrement(); i < KEYS * DUPLICATES; i = next.getAndIncrement()) {
				// duplicates of a call are close to it, so that they meet it
				untilAnswered(this.nodes.get(thread % 2), i / (DUPLICATES * 10) * 10 + i % 10);
			}
			return null;
		});
		logger.info(this.isolation + ": " + this.counts + " in "
				+ Duration.ofNanos(System.nanoTime() - startedAt).toMillis() + " ms");
		assertThat(this.sql.queryForObject("SELECT count(*) FROM booking", Integer.class)).isEqualTo(KEYS);
		assertThat(this.sql.queryForObject("SELECT count(DISTINCT record_key) FROM booking", Integer.class))
			.isEqualTo(KEYS);
		assertThat(this.sql.queryForObject("SELECT sum(bookings) FROM account", Integer.class)).isEqualTo(KEYS);
	}

	private void untilAnswered(Node node, int number) {
		while (!isAnswered(node, number)) {
			JdbcStoreContract.pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(1, 10)));
		}
	}

	private boolean isAnswered(Node node, int number) {
		Claim call = this.calls.get(number);
		TransactionalClaim begun;
		try {
			begun = node.store().begin(Claims.again(call));
		}
		catch (IdempotencyStoreException ex) {
			count("claim refused");
			return false;
		}
		count(begun.outcome().getClass().getSimpleName());
		if (begun.outcome() instanceof ClaimOutcome.Completed completed) {
			assertThat(new String(completed.result().payload())).isEqualTo(this.sql
				.queryForObject("SELECT answer FROM booking WHERE record_key = ?", String.class, call.key().digest()));
			return true;
		}
		return begun.outcome() instanceof ClaimOutcome.Acquired && book(node.sql(), number, call, begun);
	}

	private boolean book(JdbcTemplate within, int number, Claim call, TransactionalClaim begun) {
		String answer = Long.toHexString(ThreadLocalRandom.current().nextLong());
		try {
			within.queryForObject("SELECT bookings FROM account WHERE id = ?", Integer.class, number % ACCOUNTS);
			within.update("INSERT INTO booking VALUES (?, ?)", call.key().digest(), answer);
			within.update("UPDATE account SET bookings = bookings + 1 WHERE id = ?", number % ACCOUNTS);
		}
		catch (DataAccessException ex) {
			count("method failed");
			begun.rollBack();
			return false;
		}
		try {
			begun.commit(StoredResult.of(answer.getBytes()), Duration.ofMinutes(5));
			count("committed");
			return true;
		}
		catch (IdempotencyStoreException ex) {
			count("commit failed");
			return false;
		}
	}

	private void count(String what) {
		this.counts.computeIfAbsent(what, (name) -> new AtomicInteger()).incrementAndGet();
	}

	/**
	 * A server takes less than two hundred connections, and three of these would be more.
	 */
	@Override
	public void close() {
		this.nodes.forEach((node) -> node.pool().close());
		this.pool.close();
	}

}
