package io.idempotency.messaging;

import java.util.List;

import io.idempotency.aop.MethodOperation;
import org.jspecify.annotations.Nullable;

/**
 * The message that one call is about.
 *
 * @param message what is known of it, if anything
 * @param delivery the container's attempt that it comes from, if the message itself is
 * not among the arguments
 */
record Arrival(@Nullable IncomingMessage message, @Nullable Delivery delivery) {

	/**
	 * An argument that is a message says what the call is about, whoever makes it. What
	 * the thread is busy with counts only for a method that its container calls.
	 */
	static Arrival find(List<MessageTechnology> technologies, @Nullable Delivery current, MethodOperation operation,
			@Nullable Object[] arguments) {
		boolean listens = technologies.stream().anyMatch((technology) -> technology.isListener(operation));
		for (MessageTechnology technology : technologies) {
			for (Object argument : arguments) {
				if (argument != null && technology.isMessage(argument.getClass())) {
					// the container may know more of it
					return new Arrival(
							(current != null && current.isOf(argument)) ? current.message() : technology.read(argument),
							null);
				}
			}
		}
		return (listens && current != null) ? new Arrival(current.message(), current) : new Arrival(null, null);
	}

	IncomingMessage requireMessage(MethodOperation operation) {
		if (this.message == null) {
			throw new IllegalStateException(operation.operation().name() + " takes its key from its message, but it is"
					+ " not known which that is: neither is it among the arguments, nor is a container of the"
					+ " application delivering one in this thread. Add the message to the method's parameters, give"
					+ " @Idempotent a key expression, or let only the container call it");
		}
		return this.message;
	}

}
