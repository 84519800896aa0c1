package io.idempotency.messaging;

import org.jspecify.annotations.Nullable;

/**
 * One message, as far as the door wants to know it.
 *
 * @param headers of the message
 * @param identity what its broker knows it by, made by {@link KeyParts#join}; the same
 * when it is delivered again. {@code null} if the broker gave it none
 * @param unique whether the broker made that identity itself, so that no other message
 * has it; if not, its sender did
 * @param payload bytes, text, or what was made of them
 */
public record IncomingMessage(HeaderValues headers, @Nullable String identity, boolean unique,
		@Nullable Object payload) {

	/** Says nothing of what is in it. */
	@Override
	public String toString() {
		return "IncomingMessage[]";
	}

}
