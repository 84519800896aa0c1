package io.idempotency.web;

import java.io.Serial;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;

/**
 * A form that has no parameters because it is malformed: what a container throws when it
 * is asked for one (Servlet 6.1, {@code ServletRequest.getParameter}), and as there the
 * caller's mistake.
 */
final class MalformedFormException extends IllegalStateException implements ErrorResponse {

	@Serial
	private static final long serialVersionUID = 1L;

	MalformedFormException(String message) {
		super(message);
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return HttpStatus.BAD_REQUEST;
	}

	@Override
	public ProblemDetail getBody() {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The form is malformed");
	}

}
