package io.idempotency.sample.order;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes orders. An order and the event that tells of it are committed together: the event
 * stands in the outbox until it was processed.
 */
@Service
class OrderService {

	private final OrderRepository orders;

	private final ApplicationEventPublisher events;

	OrderService(OrderRepository orders, ApplicationEventPublisher events) {
		this.orders = orders;
		this.events = events;
	}

	@Transactional
	public Order place(OrderRequest request) {
		Order order = this.orders.add(request);
		this.events.publishEvent(new OrderPlaced(order.id(), order.sku(), order.quantity()));
		return order;
	}

	@Transactional
	public void cancel(long order) {
		this.events.publishEvent(new CancellationRequested(order));
	}

}
