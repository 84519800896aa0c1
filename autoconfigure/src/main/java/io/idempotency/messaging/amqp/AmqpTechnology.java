package io.idempotency.messaging.amqp;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import com.rabbitmq.client.Channel;
import io.idempotency.aop.MethodOperation;
import io.idempotency.messaging.HeaderValues;
import io.idempotency.messaging.IncomingMessage;
import io.idempotency.messaging.ManualAcknowledgement;
import io.idempotency.messaging.MessageTechnology;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.annotation.RabbitHandler;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.StringValueResolver;

/** Messages of RabbitMQ and methods that Spring AMQP calls with them. */
public final class AmqpTechnology implements MessageTechnology {

	private final AcknowledgeModes modes;

	private final StringValueResolver placeholders;

	/**
	 * @param modes knows who acknowledges
	 * @param placeholders of annotations
	 */
	public AmqpTechnology(AcknowledgeModes modes, StringValueResolver placeholders) {
		this.modes = modes;
		this.placeholders = placeholders;
	}

	@Override
	public boolean isListener(MethodOperation operation) {
		MergedAnnotations annotations = MergedAnnotations.from(operation.method(), SearchStrategy.TYPE_HIERARCHY);
		return annotations.isPresent(RabbitListener.class) || annotations.isPresent(RabbitHandler.class);
	}

	@Override
	public boolean isMessage(Class<?> type) {
		return Message.class.isAssignableFrom(type);
	}

	@Override
	public IncomingMessage read(Object message) {
		return read((Message) message);
	}

	static IncomingMessage read(Message message) {
		MessageProperties properties = message.getMessageProperties();
		Map<String, Object> headers = new LinkedHashMap<>();
		properties.getHeaders().forEach((name, value) -> {
			if (value != null) {
				headers.put(name, value);
			}
		});
		headers.put(AmqpHeaders.DELIVERY_TAG, properties.getDeliveryTag());
		if (properties.getConsumerQueue() != null) {
			headers.put(AmqpHeaders.CONSUMER_QUEUE, properties.getConsumerQueue());
		}
		return new IncomingMessage(HeaderValues.of(headers), properties.getMessageId(), null, message::getBody);
	}

	/** Whether an argument is a message, or what was made of it. */
	static boolean isOf(Message message, Object argument) {
		MessageProperties properties = message.getMessageProperties();
		if (argument instanceof org.springframework.messaging.Message<?> made) {
			return Objects.equals(made.getHeaders().get(AmqpHeaders.DELIVERY_TAG), properties.getDeliveryTag())
					&& Objects.equals(made.getHeaders().get(AmqpHeaders.CONSUMER_QUEUE), properties.getConsumerQueue());
		}
		return argument == message;
	}

	@Override
	public boolean isCompanion(Class<?> type) {
		return Channel.class.isAssignableFrom(type) || MessageProperties.class.isAssignableFrom(type);
	}

	@Override
	public void validate(MethodOperation operation) {
		boolean takesMany = Arrays.stream(operation.method().getGenericParameterTypes())
			.map((type) -> ResolvableType.forType(type))
			.filter((type) -> List.class.isAssignableFrom(type.toClass()))
			.map((type) -> type.as(List.class).getGeneric(0).toClass())
			.anyMatch((type) -> isMessage(type) || org.springframework.messaging.Message.class.isAssignableFrom(type));
		boolean saysMany = Stream.of(operation.method(), operation.targetClass())
			.flatMap((element) -> MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY)
				.stream(RabbitListener.class))
			.anyMatch((listener) -> Boolean
				.parseBoolean(this.placeholders.resolveStringValue(listener.getString("batch"))));
		if (takesMany || saysMany) {
			throw operation.invalid("it gets many messages at once, and each has a key of its own.",
					"Take @Idempotent away and call IdempotencyTemplate for each message, or let the listener get one"
							+ " message at a time.");
		}
	}

	@Override
	public @Nullable ManualAcknowledgement acknowledgement(@Nullable Object[] arguments,
			@Nullable IncomingMessage message) {
		for (Object argument : arguments) {
			Channel channel = channel(argument);
			if (channel != null && message != null) {
				Object tag = message.headers().asMap().get(AmqpHeaders.DELIVERY_TAG);
				Object queue = message.headers().asMap().get(AmqpHeaders.CONSUMER_QUEUE);
				boolean manual = !(argument instanceof Channel)
						|| (queue != null && this.modes.isManual(queue.toString()));
				return (manual && tag instanceof Long number) ? new ObservedChannel(channel, number, arguments) : null;
			}
		}
		return null;
	}

	/**
	 * Where it is a header of the message, the container leaves it to the method to
	 * acknowledge.
	 */
	static @Nullable Channel channel(@Nullable Object argument) {
		if (argument instanceof org.springframework.messaging.Message<?> message) {
			return (message.getHeaders().get(AmqpHeaders.CHANNEL) instanceof Channel channel) ? channel : null;
		}
		return (argument instanceof Channel channel) ? channel : null;
	}

}
