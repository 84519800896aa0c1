package io.idempotency.messaging.kafka;

import io.idempotency.Idempotent;
import io.idempotency.messaging.Effects;

import org.springframework.kafka.annotation.KafkaHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** A listener with a method for each type of payload. */
@Component
@KafkaListener(id = "handled", topics = "handled")
class KafkaHandlers {

	private final Effects effects;

	KafkaHandlers(Effects effects) {
		this.effects = effects;
	}

	@Idempotent(operation = "handled")
	@KafkaHandler
	public void text(String payload) {
		this.effects.add("handled", payload);
	}

	@KafkaHandler
	public void number(Integer payload) {
		throw new IllegalArgumentException("nobody sends numbers");
	}

}
