package io.idempotency.web;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Finds the key of a call in another place than the key header: in a member of the body,
 * or in another header for each endpoint. An application may declare one bean; the key
 * header is not looked at then. The {@code key} expression of an annotation wins over it.
 */
@FunctionalInterface
public interface IdempotencyKeyResolver {

	/**
	 * The key of a call. Asked on the thread of the request, after authentication and
	 * validation.
	 * @param call what came in
	 * @return the key, or {@code null} if the call has none. A blank key, one that is too
	 * long, or that does not match the configured pattern is malformed
	 * @throws IOException if the body cannot be read
	 * @throws RuntimeException if the call is to be refused; it goes to the application's
	 * exception handlers, and no key is claimed
	 */
	@Nullable String resolve(KeyedCall call) throws IOException;

}
