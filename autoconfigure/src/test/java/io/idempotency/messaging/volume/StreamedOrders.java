package io.idempotency.messaging.volume;

import io.idempotency.Idempotent;

import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.transaction.annotation.Transactional;

/** Books the orders of a stream. */
class StreamedOrders {

	private final OrderBook orders;

	StreamedOrders(OrderBook orders) {
		this.orders = orders;
	}

	@Idempotent(operation = "order")
	@Transactional
	public void process(MapRecord<String, String, String> entry) {
		this.orders.book(entry.getValue().get("order"), "stream");
	}

}
