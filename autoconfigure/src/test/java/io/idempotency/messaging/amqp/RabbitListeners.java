package io.idempotency.messaging.amqp;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.rabbitmq.client.Channel;
import io.idempotency.Idempotent;
import io.idempotency.Recovery;
import io.idempotency.messaging.Effects;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.Argument;
import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/** A listener of each kind. What starts with {@code fail} fails once. */
@Component
class RabbitListeners {

	private final Effects effects;

	private final RabbitTemplate transacted;

	private final Set<String> failed = ConcurrentHashMap.newKeySet();

	RabbitListeners(Effects effects, @Qualifier("transactedTemplate") RabbitTemplate transacted) {
		this.effects = effects;
		this.transacted = transacted;
	}

	@Idempotent(operation = "payload")
	@RabbitListener(queuesToDeclare = @Queue("payload"))
	public void payload(String payload) {
		this.effects.add("payload", payload);
		if (payload.startsWith("fail") && this.failed.add(payload)) {
			throw new IllegalStateException("the first attempt fails");
		}
	}

	@Idempotent(operation = "composed")
	@RabbitListener(queuesToDeclare = @Queue("composed"))
	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@interface ComposedListener {

	}

	@ComposedListener
	public void composed(String payload) {
		this.effects.add("composed", payload);
	}

	@Idempotent(operation = "whole")
	@RabbitListener(queuesToDeclare = @Queue("whole"))
	public void whole(Message message) {
		this.effects.add("whole", new String(message.getBody(), StandardCharsets.UTF_8));
	}

	@Idempotent(operation = "spring")
	@RabbitListener(queuesToDeclare = @Queue("spring"))
	public void spring(org.springframework.messaging.Message<String> message) {
		this.effects.add("spring", message.getPayload());
	}

	@Idempotent(operation = "reply")
	@RabbitListener(queuesToDeclare = @Queue("reply"))
	public String reply(String payload) {
		this.effects.add("reply", payload);
		return payload + " run " + this.effects.count("reply", payload);
	}

	@Idempotent(operation = "slow", lease = "2s")
	@RabbitListener(queuesToDeclare = @Queue("slow"))
	public void slow(String payload) {
		this.effects.add("slow", payload);
	}

	@Idempotent(operation = "manual", recovery = Recovery.HOLD)
	@RabbitListener(queuesToDeclare = @Queue("manual"), ackMode = "MANUAL")
	public void manual(String payload, Channel channel, @Header(AmqpHeaders.DELIVERY_TAG) long tag) throws IOException {
		this.effects.add("manual", payload);
		if (payload.startsWith("fail") && this.failed.add(payload)) {
			channel.basicNack(tag, false, true);
			return;
		}
		channel.basicAck(tag, false);
	}

	@Idempotent(operation = "channel")
	@RabbitListener(queuesToDeclare = @Queue("channel"))
	public void channel(String payload, Channel channel) {
		this.effects.add("channel", payload + channel.isOpen());
	}

	@Idempotent(operation = "rejecting", recovery = Recovery.HOLD)
	@RabbitListener(
			queuesToDeclare = @Queue(name = "rejecting",
					arguments = { @Argument(name = "x-dead-letter-exchange", value = ""),
							@Argument(name = "x-dead-letter-routing-key", value = "dead") }),
			containerFactory = "rejectingFactory")
	public void rejecting(String payload) {
		this.effects.add("rejecting", payload);
		if (payload.startsWith("poison")) {
			throw new IllegalArgumentException("cannot be processed");
		}
	}

	@Idempotent(operation = "transactional")
	@RabbitListener(queuesToDeclare = @Queue("transactional"), containerFactory = "transactedFactory")
	public void transactional(String payload) {
		this.effects.add("transactional", payload);
		this.transacted.convertAndSend("out", payload);
	}

}
