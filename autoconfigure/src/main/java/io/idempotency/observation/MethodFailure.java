package io.idempotency.observation;

/**
 * Stands for what a method threw: says of which type that was and nothing else. Messages,
 * causes and stack traces hold what callers sent, and a trace is read by many.
 */
final class MethodFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	MethodFailure(Throwable thrown) {
		super(thrown.getClass().getName(), null, false, false);
	}

}
