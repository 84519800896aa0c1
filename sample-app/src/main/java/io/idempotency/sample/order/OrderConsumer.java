package io.idempotency.sample.order;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Profile;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.stereotype.Component;

/**
 * Processes events from Kafka, each in a transaction of Kafka with its offset. The
 * database has its own, which is committed first: {@link OrderProcessor} knows what it
 * has done when a record comes again.
 */
@Component
@Profile("kafka")
class OrderConsumer {

	private final OrderProcessor processor;

	private final KafkaOperations<String, String> kafka;

	private final JsonMapper json;

	OrderConsumer(OrderProcessor processor, KafkaOperations<String, String> kafka, JsonMapper json) {
		this.processor = processor;
		this.kafka = kafka;
		this.json = json;
	}

	@KafkaListener(id = OrderTopics.PLACED, topics = OrderTopics.PLACED)
	void on(OrderPlaced placed) {
		this.processor.process(placed);
	}

	@KafkaListener(id = OrderTopics.CANCELLATIONS, topics = OrderTopics.CANCELLATIONS)
	void on(CancellationRequested cancellation) {
		this.processor.cancel(cancellation);
	}

	/**
	 * From Kafka to Kafka: the notice is committed with the offset, and needs no record.
	 */
	@KafkaListener(id = OrderTopics.MOVED, topics = OrderTopics.MOVED)
	void on(OrderMoved moved) {
		OrderNotice notice = new OrderNotice(moved.order(), moved.status(),
				"Order " + moved.order() + " is " + moved.status());
		this.kafka.send(OrderTopics.NOTICES, String.valueOf(moved.order()), this.json.writeValueAsString(notice))
			.join();
	}

	@KafkaListener(id = OrderTopics.NOTICES, topics = OrderTopics.NOTICES)
	void on(OrderNotice notice) {
		this.processor.inform(new OrderMoved(notice.order(), notice.status()));
	}

}
