package io.idempotency.sample.saga;

/** What a step should have got cannot be had. */
final class StepRefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	StepRefusedException(String message) {
		super(message);
	}

}
