package io.idempotency.sample.order;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Repository;

/** The orders and what was told of them. */
@Repository
class OrderRepository {

	private static final String ORDERS = "select id, sku, quantity, status, version from orders";

	private final JdbcClient jdbc;

	OrderRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	Order add(OrderRequest request) {
		KeyHolder id = new GeneratedKeyHolder();
		this.jdbc.sql("insert into orders (sku, quantity, status, version) values (:sku, :quantity, 'PLACED', 0)")
			.param("sku", request.sku())
			.param("quantity", request.quantity())
			.update(id, "id");
		return new Order(Objects.requireNonNull(id.getKey()).longValue(), request.sku(), request.quantity(),
				OrderStatus.PLACED, 0);
	}

	/**
	 * Moves an order on, if it still stands where it was seen.
	 * @param seen the order as it was read
	 * @return whether it has moved; {@code false} if somebody else was faster
	 */
	boolean move(Order seen, OrderStatus next) {
		return this.jdbc
			.sql("update orders set status = :next, version = version + 1"
					+ " where id = :id and status = :status and version = :version")
			.param("next", next.name())
			.param("id", seen.id())
			.param("status", seen.status().name())
			.param("version", seen.version())
			.update() == 1;
	}

	Optional<Order> order(long id) {
		return this.jdbc.sql(ORDERS + " where id = :id").param("id", id).query(Order.class).optional();
	}

	List<Order> orders() {
		return this.jdbc.sql(ORDERS + " order by id").query(Order.class).list();
	}

	void addNotification(long order, OrderStatus status) {
		this.jdbc.sql("insert into notification (order_id, status) values (:order, :status)")
			.param("order", order)
			.param("status", status.name())
			.update();
	}

	List<Notification> notifications() {
		return this.jdbc.sql("select id, order_id as \"order\", status from notification order by id")
			.query(Notification.class)
			.list();
	}

}
