package io.idempotency.messaging.volume;

import io.idempotency.Idempotent;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes orders into the ledger. What fails has written before it does, so that a
 * transaction that is not rolled back shows as a row too many.
 */
class OrderBook {

	private final JdbcClient database;

	private final TransactionTemplate apart;

	private final String node;

	OrderBook(JdbcClient database, PlatformTransactionManager transactions, @Value("${volume.node}") String node) {
		this.database = database;
		this.apart = new TransactionTemplate(transactions,
				new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
		this.node = node;
	}

	/**
	 * Books an order, within the transaction of an {@link Idempotent} listener.
	 * @param source what the order came through, of which only one node has it at a time
	 */
	void book(String order, String source) {
		boolean fails = order.startsWith(VolumeMessages.POISON)
				|| (order.startsWith(VolumeMessages.FLAKY) && isNeverTried(order));
		if (fails || order.startsWith(VolumeMessages.FLAKY)) {
			this.apart.executeWithoutResult((status) -> insert("attempts", order, source));
		}
		insert("ledger", order, source);
		if (fails) {
			throw new IllegalArgumentException("cannot be processed");
		}
	}

	private boolean isNeverTried(String order) {
		return this.database.sql("select count(*) from attempts where order_id = ?")
			.param(order)
			.query(Long.class)
			.single() == 0;
	}

	private void insert(String table, String order, String source) {
		this.database.sql("insert into " + table + " (order_id, node, source, at) values (?, ?, ?, ?)")
			.params(order, this.node, source, System.currentTimeMillis())
			.update();
	}

}
