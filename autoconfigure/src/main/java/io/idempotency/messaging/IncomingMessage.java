package io.idempotency.messaging;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * One message, as far as the door wants to know it.
 *
 * @param headers of the message
 * @param senderId what its sender calls it, in the place that its protocol has for that
 * @param brokerId what its broker knows it by and no other message, made by
 * {@link KeyParts#join}; the same when it is delivered again. {@code null} if it has none
 * @param payload gives bytes, text, or what was made of them
 */
public record IncomingMessage(HeaderValues headers, @Nullable String senderId, @Nullable String brokerId,
		Supplier<@Nullable Object> payload) {

	/** Says nothing of what is in it. */
	@Override
	public String toString() {
		return "IncomingMessage[]";
	}

}
