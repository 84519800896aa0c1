package io.idempotency.sample.order;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Profile;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;

/**
 * Takes events out of the outbox and sends them to Kafka, each in a transaction of Kafka.
 * If the process dies after that, and before the outbox knows, it is sent again as
 * another record.
 */
@Component
@Profile("kafka")
class OrderRelay {

	private final KafkaOperations<String, String> kafka;

	private final JsonMapper json;

	OrderRelay(KafkaOperations<String, String> kafka, JsonMapper json) {
		this.kafka = kafka;
		this.json = json;
	}

	@ApplicationModuleListener
	void on(OrderPlaced placed) {
		send(OrderTopics.PLACED, placed.order(), placed);
	}

	@ApplicationModuleListener
	void on(CancellationRequested cancellation) {
		send(OrderTopics.CANCELLATIONS, cancellation.order(), cancellation);
	}

	@ApplicationModuleListener
	void on(OrderMoved moved) {
		send(OrderTopics.MOVED, moved.order(), moved);
	}

	private void send(String topic, long order, Object event) {
		this.kafka.executeInTransaction(
				(producer) -> producer.send(topic, String.valueOf(order), this.json.writeValueAsString(event)));
	}

}
