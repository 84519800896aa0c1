package io.idempotency.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.store.RecordKey;
import io.idempotency.store.StreamKey;

/**
 * Names of keys: {@code <prefix>:<operation>:<digest>}. The operation is there for people
 * to read. It is cut and cleaned; above all of braces, which a Cluster would take for a
 * hash tag and so put all records of {@code /payments/{id}} on one node. The digest
 * covers the whole operation, so nothing collides.
 */
final class RedisKeys {

	private static final int MAX_OPERATION_LENGTH = 64;

	private static final Pattern PREFIX = Pattern.compile("[\\x21-\\x7E&&[^{}]]{1,64}");

	private static final byte[] MARK = "mark:".getBytes(StandardCharsets.US_ASCII);

	private final String prefix;

	private final Map<String, byte[]> starts = new ConcurrentHashMap<>();

	RedisKeys(String prefix) {
		if (!PREFIX.matcher(prefix).matches()) {
			throw new InvalidIdempotencyConfigurationException(
					"The key prefix '" + prefix + "' of the Redis store is not usable.",
					"Set idempotency.key-prefix to 1 to 64 visible ASCII characters without braces: a Redis Cluster "
							+ "would put all keys with the same text in braces on one node.");
		}
		this.prefix = prefix;
	}

	byte[] of(RecordKey key) {
		return name(startOf(key.operation()), key.digest());
	}

	/**
	 * The key of a mark: as of a record, with a mark between operation and digest that no
	 * digest has.
	 */
	byte[] of(StreamKey key) {
		byte[] start = startOf(key.operation());
		byte[] marked = Arrays.copyOf(start, start.length + MARK.length);
		System.arraycopy(MARK, 0, marked, start.length, MARK.length);
		return name(marked, key.digest());
	}

	private byte[] startOf(String operation) {
		byte[] start = this.starts.get(operation);
		// operations are as many as annotated routes, so this does not grow for ever
		return (start != null) ? start : this.starts.computeIfAbsent(operation, this::start);
	}

	private static byte[] name(byte[] start, String digest) {
		byte[] name = Arrays.copyOf(start, start.length + RecordKey.DIGEST_LENGTH);
		for (int i = 0; i < RecordKey.DIGEST_LENGTH; i++) {
			name[start.length + i] = (byte) digest.charAt(i);
		}
		return name;
	}

	private byte[] start(String operation) {
		StringBuilder cleaned = new StringBuilder(this.prefix).append(':');
		operation.chars().limit(MAX_OPERATION_LENGTH).forEach(c -> cleaned.append(clean((char) c)));
		return cleaned.append(':').toString().getBytes(StandardCharsets.US_ASCII);
	}

	private static char clean(char c) {
		return switch (c) {
			case '{' -> '<';
			case '}' -> '>';
			case ' ' -> '_';
			default -> (c > ' ' && c < 0x7F) ? c : '?';
		};
	}

}
