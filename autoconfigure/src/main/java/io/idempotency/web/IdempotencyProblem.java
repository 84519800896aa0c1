package io.idempotency.web;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;

import io.idempotency.CommitFailedException;
import io.idempotency.IdempotencyException;
import io.idempotency.KeyMalformedException;
import io.idempotency.KeyMissingException;
import io.idempotency.LeaseLostException;
import io.idempotency.OperationInProgressException;
import io.idempotency.OutcomeUnknownException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.RequestTooLargeException;
import io.idempotency.ResponseNotKeptException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.TooManyKeysException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A refusal as HTTP sees it (RFC 9457). It is thrown out of the handler's call with the
 * {@link IdempotencyException} as its cause, so an application's own exception handler
 * may name either.
 */
public final class IdempotencyProblem extends ErrorResponseException {

	private static final long serialVersionUID = 1L;

	private static final String URN = "urn:idempotency:problem:";

	private IdempotencyProblem(HttpStatus status, ProblemDetail body, IdempotencyException cause) {
		super(status, body, cause);
	}

	/** The one mapping from refusals to answers. */
	static IdempotencyProblem of(IdempotencyException refusal, HttpServletRequest request, HttpSettings settings) {
		Kind kind = Kind.of(refusal);
		ProblemDetail body = ProblemDetail.forStatusAndDetail(kind.status, refusal.getMessage());
		body.setTitle(kind.title);
		URI documentation = settings.documentationUri();
		body.setType(URI.create((documentation != null) ? documentation + "#" + kind.word : URN + kind.word));
		body.setInstance(instance(request));
		body.setProperty("retryable", refusal.isRetryable());
		IdempotencyProblem problem = new IdempotencyProblem(kind.status, body, refusal);
		if (refusal.isRetryable()) {
			Duration wait = (refusal instanceof TooManyKeysException closed) ? closed.getRetryAfter()
					: settings.retryAfter();
			long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
			problem.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
		}
		if (documentation != null) {
			problem.getHeaders().set(HttpHeaders.LINK, "<" + documentation + ">; rel=\"describedby\"");
		}
		return problem;
	}

	private static URI instance(HttpServletRequest request) {
		try {
			return URI.create(request.getRequestURI());
		}
		catch (IllegalArgumentException ex) {
			// some containers can be told to let characters in that no URI has
			return URI.create("/");
		}
	}

	private enum Kind {

		KEY_MISSING(KeyMissingException.class, HttpStatus.BAD_REQUEST, "key-missing", "Idempotency key missing"),

		KEY_MALFORMED(KeyMalformedException.class, HttpStatus.BAD_REQUEST, "key-malformed",
				"Idempotency key malformed"),

		IN_PROGRESS(OperationInProgressException.class, HttpStatus.CONFLICT, "in-progress", "Request in progress"),

		OUTCOME_UNKNOWN(OutcomeUnknownException.class, HttpStatus.CONFLICT, "outcome-unknown", "Outcome unknown"),

		RESPONSE_NOT_KEPT(ResponseNotKeptException.class, HttpStatus.CONFLICT, "response-not-kept",
				"Response not kept"),

		LEASE_LOST(LeaseLostException.class, HttpStatus.CONFLICT, "lease-lost", "Claim lost"),

		PAYLOAD_MISMATCH(PayloadMismatchException.class, HttpStatus.UNPROCESSABLE_CONTENT, "payload-mismatch",
				"Idempotency key reused"),

		REQUEST_TOO_LARGE(RequestTooLargeException.class, HttpStatus.CONTENT_TOO_LARGE, "request-too-large",
				"Request too large"),

		TOO_MANY_KEYS(TooManyKeysException.class, HttpStatus.TOO_MANY_REQUESTS, "too-many-keys",
				"Too many idempotency keys"),

		COMMIT_FAILED(CommitFailedException.class, HttpStatus.SERVICE_UNAVAILABLE, "commit-failed", "Commit failed"),

		STORE_UNAVAILABLE(StoreUnavailableException.class, HttpStatus.SERVICE_UNAVAILABLE, "store-unavailable",
				"Idempotency store unavailable");

		private final Class<? extends IdempotencyException> refusal;

		private final HttpStatus status;

		private final String word;

		private final String title;

		Kind(Class<? extends IdempotencyException> refusal, HttpStatus status, String word, String title) {
			this.refusal = refusal;
			this.status = status;
			this.word = word;
			this.title = title;
		}

		static Kind of(IdempotencyException refusal) {
			return Arrays.stream(values())
				.filter((kind) -> kind.refusal.isInstance(refusal))
				.findFirst()
				.orElse(STORE_UNAVAILABLE);
		}

	}

}
