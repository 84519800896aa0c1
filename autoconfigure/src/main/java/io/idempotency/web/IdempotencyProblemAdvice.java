package io.idempotency.web;

import io.idempotency.IdempotencyException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers refusals that no advice of the application answers, whether or not the
 * application has problem details enabled.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class IdempotencyProblemAdvice {

	private final HttpSettings settings;

	public IdempotencyProblemAdvice(HttpSettings settings) {
		this.settings = settings;
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(IdempotencyProblem problem) {
		return ResponseEntity.status(problem.getStatusCode()).headers(problem.getHeaders()).body(problem.getBody());
	}

	/** A refusal of a bean that a handler called. */
	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(IdempotencyException refusal, HttpServletRequest request) {
		return handle(IdempotencyProblem.of(refusal, request, this.settings));
	}

}
