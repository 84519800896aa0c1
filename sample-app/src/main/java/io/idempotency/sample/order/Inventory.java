package io.idempotency.sample.order;

import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What is in stock. Two kinds of statements: those that say what is to be, which may run
 * twice, and those that say what changes, which must not.
 */
@Repository
class Inventory {

	private final JdbcClient jdbc;

	Inventory(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** What is there, counted by hand. Safe to repeat: it says the number itself. */
	void set(String sku, int quantity) {
		this.jdbc.sql("merge into stock (sku, quantity) key (sku) values (:sku, :quantity)")
			.param("sku", sku)
			.param("quantity", quantity)
			.update();
	}

	/**
	 * Takes goods for an order if they are there. Not safe to repeat: a second call takes
	 * them again. Whoever calls sees to it that it happens once for an order.
	 */
	boolean take(String sku, int quantity) {
		return this.jdbc
			.sql("update stock set quantity = quantity - :quantity where sku = :sku and quantity >= :quantity")
			.param("sku", sku)
			.param("quantity", quantity)
			.update() == 1;
	}

	/** Gives goods back. Not safe to repeat, as {@link #take}. */
	void giveBack(String sku, int quantity) {
		this.jdbc.sql("update stock set quantity = quantity + :quantity where sku = :sku")
			.param("sku", sku)
			.param("quantity", quantity)
			.update();
	}

	/** Writes down what was taken for an order. Safe to repeat: one row for an order. */
	void reserve(long order, String sku, int quantity) {
		this.jdbc
			.sql("merge into reservation (order_id, sku, quantity) key (order_id) values (:order, :sku, :quantity)")
			.param("order", order)
			.param("sku", sku)
			.param("quantity", quantity)
			.update();
	}

	/** Safe to repeat: what is gone is gone. */
	void dropReservation(long order) {
		this.jdbc.sql("delete from reservation where order_id = :order").param("order", order).update();
	}

	boolean knows(String sku) {
		return this.jdbc.sql("select count(*) from stock where sku = :sku")
			.param("sku", sku)
			.query(Integer.class)
			.single() > 0;
	}

	List<Stock> stock() {
		return this.jdbc.sql("select sku, quantity from stock order by sku").query(Stock.class).list();
	}

	/**
	 * How many there are of something.
	 *
	 * @param sku what
	 * @param quantity how many
	 */
	record Stock(String sku, int quantity) {
	}

}
