package io.idempotency.messaging.kafka;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;

import io.idempotency.aop.MethodOperation;
import io.idempotency.messaging.IncomingMessage;
import io.idempotency.messaging.ManualAcknowledgement;
import io.idempotency.messaging.MessageTechnology;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.kafka.annotation.DltHandler;
import org.springframework.kafka.annotation.KafkaHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.adapter.ConsumerRecordMetadata;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/** Records of Kafka and methods that Spring Kafka calls with them. */
public final class KafkaTechnology implements MessageTechnology {

	private final BatchListeners batches;

	/**
	 * @param batches knows which listeners get many records at once
	 */
	public KafkaTechnology(BatchListeners batches) {
		this.batches = batches;
	}

	@Override
	public boolean isListener(MethodOperation operation) {
		MergedAnnotations annotations = MergedAnnotations.from(operation.method(), SearchStrategy.TYPE_HIERARCHY);
		return annotations.isPresent(KafkaListener.class) || annotations.isPresent(KafkaHandler.class)
				|| annotations.isPresent(DltHandler.class);
	}

	@Override
	public boolean isMessage(Class<?> type) {
		return ConsumerRecord.class.isAssignableFrom(type);
	}

	@Override
	public IncomingMessage read(Object message) {
		return read((ConsumerRecord<?, ?>) message, null);
	}

	static IncomingMessage read(ConsumerRecord<?, ?> record, @Nullable Boolean retried) {
		return new IncomingMessage(new RecordHeaderValues(record.headers()), null,
				RecordPosition.of(record, retried).identity(), record::value);
	}

	@Override
	public boolean isCompanion(Class<?> type) {
		return Acknowledgment.class.isAssignableFrom(type) || Consumer.class.isAssignableFrom(type)
				|| ConsumerRecordMetadata.class.isAssignableFrom(type);
	}

	@Override
	public void validate(MethodOperation operation) {
		Method method = operation.method();
		if (this.batches.isBatch(operation)) {
			throw operation.invalid("it gets many records at once, and each has a key of its own.",
					"Take @Idempotent away and call IdempotencyTemplate for each record, or let the listener get one"
							+ " record at a time.");
		}
		boolean shares = Arrays.stream(method.getParameterTypes())
			.anyMatch((type) -> type.getSimpleName().equals("ShareAcknowledgment"));
		if (shares) {
			throw operation.invalid("it acknowledges records of a share group itself, which is not supported.",
					"Let the container acknowledge them, or call IdempotencyTemplate in the method.");
		}
	}

	@Override
	public @Nullable ManualAcknowledgement acknowledgement(@Nullable Object[] arguments,
			@Nullable IncomingMessage message) {
		for (Object argument : arguments) {
			Acknowledgment found = acknowledgment(argument);
			if (found != null) {
				return new ObservedAcknowledgment(found, arguments);
			}
		}
		return null;
	}

	/** The means to acknowledge may also be a header of the message. */
	static @Nullable Acknowledgment acknowledgment(@Nullable Object argument) {
		if (argument instanceof Message<?> message) {
			return acknowledgment(message.getHeaders().get(KafkaHeaders.ACKNOWLEDGMENT));
		}
		return (argument instanceof Acknowledgment acknowledgment) ? acknowledgment : null;
	}

	/** Whether an argument is a record, or the message that was made of it. */
	static boolean isOf(ConsumerRecord<?, ?> record, Object argument) {
		if (argument instanceof Message<?> message) {
			return Objects.equals(message.getHeaders().get(KafkaHeaders.RECEIVED_TOPIC), record.topic())
					&& Objects.equals(message.getHeaders().get(KafkaHeaders.RECEIVED_PARTITION), record.partition())
					&& Objects.equals(message.getHeaders().get(KafkaHeaders.OFFSET), record.offset());
		}
		return argument instanceof ConsumerRecord<?, ?> other && other.topic().equals(record.topic())
				&& other.partition() == record.partition() && other.offset() == record.offset();
	}

}
