package io.idempotency.messaging.integration;

import java.util.List;
import java.util.Map;

import io.idempotency.aop.MethodOperation;
import io.idempotency.messaging.HeaderValues;
import io.idempotency.messaging.IncomingMessage;
import io.idempotency.messaging.KeyParts;
import io.idempotency.messaging.ManualAcknowledgement;
import io.idempotency.messaging.MessageTechnology;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * Spring's own messages. Adapters of brokers put what they know into headers, whose names
 * are those of their libraries. The header {@code id} is made anew whenever a message is,
 * so it is no key.
 */
public final class SpringMessageTechnology implements MessageTechnology {

	private static final List<String> KAFKA = List.of("kafka_receivedTopic", "kafka_receivedPartitionId",
			"kafka_offset", "kafka_receivedTimestamp");

	private static final String AMQP = "amqp_messageId";

	private static final String JMS = "jms_messageId";

	@Override
	public boolean isListener(MethodOperation operation) {
		return false;
	}

	@Override
	public boolean isMessage(Class<?> type) {
		return Message.class.isAssignableFrom(type);
	}

	@Override
	public IncomingMessage read(Object message) {
		Message<?> read = (Message<?>) message;
		Map<String, Object> headers = read.getHeaders();
		Object sender = headers.get(AMQP);
		return new IncomingMessage(HeaderValues.of(headers), (sender != null) ? sender.toString() : null,
				brokerId(headers), read::getPayload);
	}

	private static @Nullable String brokerId(Map<String, Object> headers) {
		if (headers.get(JMS) != null) {
			return KeyParts.join("jms", headers.get(JMS));
		}
		Object[] position = KAFKA.stream().map(headers::get).filter((part) -> part != null).toArray();
		return (position.length == KAFKA.size()) ? KeyParts.join("kafka", position) : null;
	}

	@Override
	public boolean isCompanion(Class<?> type) {
		return MessageHeaders.class.isAssignableFrom(type);
	}

	@Override
	public void validate(MethodOperation operation) {
		// one message at a time
	}

	@Override
	public @Nullable ManualAcknowledgement acknowledgement(@Nullable Object[] arguments,
			@Nullable IncomingMessage message) {
		return null;
	}

}
