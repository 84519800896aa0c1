package io.idempotency.sample;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A payment or a question that has a final answer other than yes. The answers to payments
 * are stored like any other: a retry is told the same without asking the bank again.
 */
class RefusedException extends ErrorResponseException {

	private static final long serialVersionUID = 1L;

	private RefusedException(HttpStatus status, String detail) {
		super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
	}

	static RefusedException unknownAccount(String account) {
		return new RefusedException(HttpStatus.NOT_FOUND, "There is no account " + account + ".");
	}

	static RefusedException unknownPayment(long id) {
		return new RefusedException(HttpStatus.NOT_FOUND, "There is no payment " + id + ".");
	}

	static RefusedException insufficientFunds(String account) {
		return new RefusedException(HttpStatus.PAYMENT_REQUIRED,
				"The account " + account + " does not hold that much.");
	}

}
