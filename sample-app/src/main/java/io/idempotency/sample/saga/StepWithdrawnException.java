package io.idempotency.sample.saga;

/** A step came after its compensation, and is not done any more. */
final class StepWithdrawnException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	StepWithdrawnException(String message) {
		super(message);
	}

}
