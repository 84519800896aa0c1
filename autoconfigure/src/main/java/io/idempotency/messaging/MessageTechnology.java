package io.idempotency.messaging;

import io.idempotency.aop.MethodOperation;
import org.jspecify.annotations.Nullable;

/**
 * What the door has to know of one kind of messages. For all threads.
 */
public interface MessageTechnology {

	/** Whether a container of this technology calls the method with its messages. */
	boolean isListener(MethodOperation operation);

	/** Whether values of a type are whole messages, with their headers. */
	boolean isMessage(Class<?> type);

	/** Reads a message. */
	IncomingMessage read(Object message);

	/**
	 * Whether values of a type come beside a message and are no part of it: the means to
	 * acknowledge it, say.
	 */
	boolean isCompanion(Class<?> type);

	/**
	 * Checks, while the application starts, a method that listens or takes a message of
	 * this technology.
	 * @throws io.idempotency.InvalidIdempotencyConfigurationException if it cannot work
	 */
	void validate(MethodOperation operation);

	/**
	 * How a method with these arguments acknowledges its message itself, or {@code null}
	 * if it has nothing of this technology to do so.
	 * @param message that the call is about, if it is known
	 */
	@Nullable ManualAcknowledgement acknowledgement(@Nullable Object[] arguments, @Nullable IncomingMessage message);

}
