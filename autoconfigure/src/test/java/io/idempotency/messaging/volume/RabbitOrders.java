package io.idempotency.messaging.volume;

import io.idempotency.Idempotent;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.transaction.annotation.Transactional;

/** Orders that come through RabbitMQ. */
class RabbitOrders {

	private final OrderBook orders;

	RabbitOrders(OrderBook orders) {
		this.orders = orders;
	}

	@Idempotent(operation = "order")
	@Transactional
	@RabbitListener(queues = "${volume.destination}", concurrency = "" + VolumeContract.CONCURRENCY)
	public void on(String order, @Header(AmqpHeaders.CONSUMER_QUEUE) String queue) {
		this.orders.book(order, queue);
	}

}
