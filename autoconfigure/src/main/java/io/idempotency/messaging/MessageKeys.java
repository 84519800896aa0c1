package io.idempotency.messaging;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.idempotency.KeyMalformedException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key of a message: what its sender gave it, else what its event is known by
 * (CloudEvents 1.0, {@code source} and {@code id} as headers), else what its broker knows
 * it by. A header that is there and cannot be a key is an error: to look further would
 * make another key of it than its sender meant.
 */
final class MessageKeys {

	/** Of Kafka, HTTP, AMQP, and AMQP over JMS. */
	private static final List<String> EVENT_PREFIXES = List.of("ce_", "ce-", "cloudEvents:", "cloudEvents_");

	private final List<String> headers;

	private final int maxLength;

	/**
	 * @param header with the key of its sender
	 * @param maxLength of the value of a header, in characters
	 */
	MessageKeys(String header, int maxLength) {
		// names of JMS are those of Java
		String identifier = header.replaceAll("[^A-Za-z0-9_$]", "_");
		this.headers = identifier.equals(header) ? List.of(header) : List.of(header, identifier);
		this.maxLength = maxLength;
	}

	/**
	 * The key, or {@code null} if the message has none.
	 * @throws KeyMalformedException if there is one that cannot be
	 */
	@Nullable MessageKey of(IncomingMessage message, String operation) {
		String sent = single(message, this.headers, operation, "idempotency key");
		if (sent != null) {
			return new MessageKey(KeyParts.join("header", sent), false);
		}
		String source = single(message, event("source"), operation, "CloudEvents source");
		String id = single(message, event("id"), operation, "CloudEvents id");
		if ((source == null) != (id == null)) {
			throw new KeyMalformedException(operation,
					"The message has a CloudEvents source or id without the other, and only both tell events apart");
		}
		if (source != null && id != null) {
			return new MessageKey(KeyParts.join("event", source, id), false);
		}
		if (message.senderId() != null) {
			return new MessageKey(KeyParts.join("message", text(message.senderId(), operation, "message id")), false);
		}
		String known = message.brokerId();
		return (known != null) ? new MessageKey(known, true) : null;
	}

	private static List<String> event(String attribute) {
		return EVENT_PREFIXES.stream().map((prefix) -> prefix + attribute).toList();
	}

	private @Nullable String single(IncomingMessage message, List<String> names, String operation, String what) {
		List<String> texts = new ArrayList<>();
		for (String name : names) {
			for (Object value : message.headers().all(name)) {
				texts.add(text(value, operation, what));
			}
		}
		if (texts.stream().distinct().count() > 1) {
			throw malformed(operation, what, "is there more than once, with different values");
		}
		return texts.isEmpty() ? null : texts.get(0);
	}

	private String text(Object value, String operation, String what) {
		String text;
		if (value instanceof byte[] bytes) {
			try {
				text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
			}
			catch (CharacterCodingException ex) {
				throw malformed(operation, what, "is not UTF-8");
			}
		}
		else if (value instanceof CharSequence || value instanceof Number || value instanceof UUID
				|| value instanceof URI) {
			text = value.toString();
		}
		else {
			throw malformed(operation, what, "is neither text nor bytes");
		}
		if (text.isBlank()) {
			throw malformed(operation, what, "is blank");
		}
		if (text.length() > this.maxLength) {
			throw malformed(operation, what, "is longer than " + this.maxLength + " characters");
		}
		if (text.chars().anyMatch(Character::isISOControl)) {
			throw malformed(operation, what, "holds control characters");
		}
		return text;
	}

	private static KeyMalformedException malformed(String operation, String what, String reason) {
		return new KeyMalformedException(operation, "The " + what + " of the message " + reason);
	}

}
