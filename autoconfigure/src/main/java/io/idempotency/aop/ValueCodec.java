package io.idempotency.aop;

import java.lang.reflect.Type;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Results and arguments of methods as JSON, by a mapper of its own. The type comes from
 * the method, never from the stored bytes.
 */
public final class ValueCodec {

	private final JsonMapper mapper = JsonMapper.builder()
		.enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
		.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	/**
	 * Writes a result.
	 * @throws IllegalArgumentException if the value is none that JSON can hold
	 */
	public byte[] write(@Nullable Object result, Type type) {
		if (type == void.class || type == Void.class) {
			return new byte[0];
		}
		try {
			return this.mapper.writerFor(this.mapper.constructType(type)).writeValueAsBytes(result);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("The value cannot be written as JSON", ex);
		}
	}

	/**
	 * Reads a result.
	 * @throws IllegalArgumentException if the bytes are not a value of the type
	 */
	public @Nullable Object read(byte[] payload, Type type) {
		if (type == void.class || type == Void.class) {
			return null;
		}
		try {
			return this.mapper.readValue(payload, this.mapper.constructType(type));
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("The stored value is no " + type.getTypeName(), ex);
		}
	}

	/**
	 * Digests values by what they say.
	 * @throws IllegalArgumentException if one is none that JSON can hold
	 */
	public Fingerprint fingerprint(@Nullable Object... values) {
		DigestBuilder digest = new DigestBuilder();
		for (Object value : values) {
			byte[] json = write(value, Object.class);
			digest.bytes(json, json.length);
		}
		return digest.build();
	}

}
