package io.idempotency.web;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Adds to who a caller is: its tenant, say. The same key in two scopes is two calls, so
 * neither caller is answered from the other's record. An application may declare any
 * number of beans; their parts join the principal's name and realm.
 * <p>
 * A part belongs to the identity of every record, and so does the name of its bean: take
 * care when a deployment changes either, because calls of before are not recognised after
 * it. A part has to come from something that the application has verified, or a caller
 * chooses its scope freely.
 */
@FunctionalInterface
public interface IdempotencyScopeResolver {

	/**
	 * The part of a request. Asked on the thread of the request, after authentication and
	 * validation and before the key is claimed.
	 * @param request as the handler sees it
	 * @return the part, or {@code null} for nothing to add, which is not the same as an
	 * empty part
	 * @throws RuntimeException if the call is to be refused; it goes to the application's
	 * exception handlers, and the key stays free
	 */
	@Nullable String resolve(HttpServletRequest request);

}
