package io.idempotency.web;

import java.io.IOException;
import java.util.List;

import io.idempotency.RequestTooLargeException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** A call of a handler, as an {@link IdempotencyKeyResolver} sees it. */
public interface KeyedCall {

	/** The name of the operation, as in {@code POST /payments}. */
	String operation();

	/**
	 * The request. Its stream belongs to the handler: {@link #body()} gives the bytes
	 * without taking them from it.
	 */
	HttpServletRequest request();

	/** The handler's arguments, in their order. */
	List<@Nullable Object> arguments();

	/**
	 * A copy of the body, of any length up to the largest that is accepted.
	 * @throws RequestTooLargeException if it is larger
	 * @throws IllegalStateException if it is a form or multipart, of which the container
	 * makes parameters and parts: ask the {@link #request()} for those
	 * @throws IOException if it cannot be read
	 */
	byte[] body() throws IOException;

}
