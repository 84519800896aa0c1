package io.idempotency.messaging.amqp;

import io.idempotency.Idempotent;
import io.idempotency.messaging.Effects;

import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitHandler;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.stereotype.Component;

/** A listener with a method for each type of payload. */
@Component
@RabbitListener(queuesToDeclare = @Queue("handled"))
class RabbitHandlers {

	private final Effects effects;

	RabbitHandlers(Effects effects) {
		this.effects = effects;
	}

	@Idempotent(operation = "handled")
	@RabbitHandler
	public void text(String payload) {
		this.effects.add("handled", payload);
	}

	@RabbitHandler
	public void bytes(byte[] payload) {
		throw new IllegalArgumentException("nobody sends bytes");
	}

}
