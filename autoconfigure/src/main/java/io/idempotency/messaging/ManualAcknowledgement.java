package io.idempotency.messaging;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a method that acknowledges its message itself is called with: it is seen then
 * whether the method gave the message back. One for each call, for its thread.
 */
public interface ManualAcknowledgement {

	/** The arguments that the method gets. */
	@Nullable Object[] arguments();

	/** Whether the method returned the message, so that it is delivered again. */
	boolean isReturned();

	/** Acknowledges a message whose method does not run, as it ran before. */
	void acknowledge();

	/** Of a method that leaves it to its container. */
	static ManualAcknowledgement none(@Nullable Object[] arguments) {
		return new ManualAcknowledgement() {

			@Override
			public @Nullable Object[] arguments() {
				return arguments;
			}

			@Override
			public boolean isReturned() {
				return false;
			}

			@Override
			public void acknowledge() {
				// the container does when the method returns
			}

		};
	}

	/** Asks each technology in turn. */
	static ManualAcknowledgement of(List<MessageTechnology> technologies, @Nullable Object[] arguments,
			@Nullable IncomingMessage message) {
		for (MessageTechnology technology : technologies) {
			ManualAcknowledgement found = technology.acknowledgement(arguments, message);
			if (found != null) {
				return found;
			}
		}
		return none(arguments);
	}

}
