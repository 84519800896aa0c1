package io.idempotency.sample.order;

import java.util.Optional;

import io.idempotency.Idempotent;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * What is done with orders. Each step happens once for an order: its record is committed
 * with its writes, in the transaction of whoever delivers the event.
 */
@Service
class OrderProcessor {

	private static final String TRANSACTIONAL = "jdbc-transactional";

	private final OrderRepository orders;

	private final Inventory inventory;

	private final ApplicationEventPublisher events;

	OrderProcessor(OrderRepository orders, Inventory inventory, ApplicationEventPublisher events) {
		this.orders = orders;
		this.inventory = inventory;
		this.events = events;
	}

	/** Takes the goods and confirms the order, or rejects it. */
	@Idempotent(key = "#placed.order()", store = TRANSACTIONAL)
	public void process(OrderPlaced placed) {
		Order order = movable(placed.order(), OrderStatus.CONFIRMED).orElse(null);
		if (order == null) {
			return;
		}
		if (!this.inventory.knows(order.sku())) {
			throw new UnknownSkuException(order.sku());
		}
		boolean taken = this.inventory.take(order.sku(), order.quantity());
		if (taken) {
			this.inventory.reserve(order.id(), order.sku(), order.quantity());
		}
		move(order, taken ? OrderStatus.CONFIRMED : OrderStatus.REJECTED);
	}

	/** Gives back what {@link #process} has taken. */
	@Idempotent(key = "#cancellation.order()", store = TRANSACTIONAL)
	public void cancel(CancellationRequested cancellation) {
		Order order = movable(cancellation.order(), OrderStatus.CANCELLED).orElse(null);
		if (order == null) {
			return;
		}
		this.inventory.giveBack(order.sku(), order.quantity());
		this.inventory.dropReservation(order.id());
		move(order, OrderStatus.CANCELLED);
	}

	/** Tells the customer, once for each status. */
	@Idempotent(key = "#moved.order() + ':' + #moved.status()", store = TRANSACTIONAL)
	public void inform(OrderMoved moved) {
		this.orders.addNotification(moved.order(), moved.status());
	}

	/**
	 * The order, if it may go there from where it stands.
	 * @return nothing if it is there already, or has ended
	 * @throws TooEarlyException if something else has to happen first: the event comes
	 * again
	 */
	private Optional<Order> movable(long id, OrderStatus next) {
		Order order = this.orders.order(id).orElseThrow(() -> new TooEarlyException(id, next));
		if (order.status().next().contains(next)) {
			return Optional.of(order);
		}
		if (order.status().next().stream().anyMatch((between) -> between.next().contains(next))) {
			throw new TooEarlyException(id, next);
		}
		return Optional.empty();
	}

	private void move(Order order, OrderStatus next) {
		if (!this.orders.move(order, next)) {
			throw new TooEarlyException(order.id(), next);
		}
		this.events.publishEvent(new OrderMoved(order.id(), next));
	}

	/** An event has overtaken the one that it needs. */
	static final class TooEarlyException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TooEarlyException(long order, OrderStatus next) {
			super("Order " + order + " cannot be " + next + " yet");
		}

	}

	/** Nobody knows what was ordered: somebody has to look at that. */
	static final class UnknownSkuException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		UnknownSkuException(String sku) {
			super("There is no sku " + sku);
		}

	}

}
