package io.idempotency.messaging.redis;

import java.util.LinkedHashMap;
import java.util.Map;

import io.idempotency.aop.MethodOperation;
import io.idempotency.messaging.HeaderValues;
import io.idempotency.messaging.IncomingMessage;
import io.idempotency.messaging.KeyParts;
import io.idempotency.messaging.ManualAcknowledgement;
import io.idempotency.messaging.MessageTechnology;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.Record;
import org.springframework.util.Assert;

/**
 * Entries of Redis Streams. A stream has no headers: what its sender says of an entry is
 * among the fields. To acknowledge it is left to the application.
 */
public final class RedisStreamTechnology implements MessageTechnology {

	@Override
	public boolean isListener(MethodOperation operation) {
		return false;
	}

	@Override
	public boolean isMessage(Class<?> type) {
		return Record.class.isAssignableFrom(type);
	}

	@Override
	public IncomingMessage read(Object message) {
		Record<?, ?> entry = (Record<?, ?>) message;
		Assert.notNull(entry.getStream(), "An entry that was read has a stream");
		return new IncomingMessage(HeaderValues.of(fields(entry)), null,
				KeyParts.join("redis", entry.getStream(), entry.getId().getValue()), entry::getValue);
	}

	private static Map<String, Object> fields(Record<?, ?> entry) {
		Map<String, Object> fields = new LinkedHashMap<>();
		if (entry instanceof MapRecord<?, ?, ?> map) {
			map.getValue().forEach((name, value) -> {
				if (value != null) {
					fields.put(name.toString(), value);
				}
			});
		}
		return fields;
	}

	@Override
	public boolean isCompanion(Class<?> type) {
		return false;
	}

	@Override
	public void validate(MethodOperation operation) {
		// one entry at a time
	}

	@Override
	public @Nullable ManualAcknowledgement acknowledgement(@Nullable Object[] arguments,
			@Nullable IncomingMessage message) {
		return null;
	}

}
