package io.idempotency.messaging.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.idempotency.messaging.KeyParts;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.retrytopic.RetryTopicHeaders;
import org.springframework.kafka.support.KafkaHeaders;

/**
 * Where a record stands for ever, and since when: a topic that is made anew begins its
 * offsets anew.
 *
 * @param topic of the record
 * @param partition of the topic
 * @param offset in the partition
 * @param timestamp of the record, in milliseconds, or -1
 */
record RecordPosition(String topic, int partition, long offset, long timestamp) {

	/** The same place, as Spring's retry topics and its recoverer say it. */
	private enum Original {

		RETRY(KafkaHeaders.ORIGINAL_TOPIC, KafkaHeaders.ORIGINAL_PARTITION, KafkaHeaders.ORIGINAL_OFFSET,
				KafkaHeaders.ORIGINAL_TIMESTAMP),

		DEAD_LETTER(KafkaHeaders.DLT_ORIGINAL_TOPIC, KafkaHeaders.DLT_ORIGINAL_PARTITION,
				KafkaHeaders.DLT_ORIGINAL_OFFSET, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP);

		private final String topic;

		private final String partition;

		private final String offset;

		private final String timestamp;

		Original(String topic, String partition, String offset, String timestamp) {
			this.topic = topic;
			this.partition = partition;
			this.offset = offset;
			this.timestamp = timestamp;
		}

		@Nullable RecordPosition of(ConsumerRecord<?, ?> record) {
			byte[] name = first(record, this.topic, -1);
			byte[] number = first(record, this.partition, Integer.BYTES);
			byte[] at = first(record, this.offset, Long.BYTES);
			byte[] since = first(record, this.timestamp, Long.BYTES);
			return (name == null || number == null || at == null || since == null) ? null
					: new RecordPosition(new String(name, StandardCharsets.UTF_8), ByteBuffer.wrap(number).getInt(),
							ByteBuffer.wrap(at).getLong(), ByteBuffer.wrap(since).getLong());
		}

		/** The first one: each further hop may have added its own. */
		private static byte @Nullable [] first(ConsumerRecord<?, ?> record, String name, int length) {
			for (Header header : record.headers().headers(name)) {
				byte[] value = header.value();
				return (value != null && (length < 0 || value.length == length)) ? value : null;
			}
			return null;
		}

	}

	/**
	 * Where a record stood at first, if this one is that one again: because it stands in
	 * a retry topic, or because it came back to its topic from a dead-letter topic. In
	 * any other topic such headers may have been copied along with what was made of a
	 * record, and many records made of one are not that one.
	 * @param retried whether the topic is one for retries of its listener; if
	 * {@code null}, a header tells
	 */
	static RecordPosition of(ConsumerRecord<?, ?> record, @Nullable Boolean retried) {
		boolean again = (retried != null) ? retried
				: record.headers().lastHeader(RetryTopicHeaders.DEFAULT_HEADER_ATTEMPTS) != null;
		for (Original kind : Original.values()) {
			RecordPosition original = kind.of(record);
			if (original != null && ((again && kind == Original.RETRY) || original.topic().equals(record.topic()))) {
				return original;
			}
		}
		return new RecordPosition(record.topic(), record.partition(), record.offset(), record.timestamp());
	}

	/** A text that no other position has. */
	String identity() {
		return KeyParts.join("kafka", this.topic, this.partition, this.offset, this.timestamp);
	}

}
