package io.idempotency.web;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * A whole response of an idempotent handler, before it is stored, as a
 * {@link ResponseStoragePolicy} sees it.
 *
 * @param operation the name of the operation
 * @param status what the client gets
 * @param headers as set so far, by filters too; read-only. The target of a redirect that
 * was sent is not among them
 * @param exception what the handler threw and an exception handler made the response of,
 * or {@code null}
 * @param storedByStatus what happens to the response if no policy says otherwise
 */
public record FinishedResponse(String operation, int status, HttpHeaders headers, @Nullable Throwable exception,
		boolean storedByStatus) {

	/** Names operation and status only: headers may be secret. */
	@Override
	public String toString() {
		return "FinishedResponse[" + this.operation + " " + this.status + "]";
	}

}
