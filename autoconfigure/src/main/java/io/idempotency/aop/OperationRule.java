package io.idempotency.aop;

/** What has to hold for an operation besides what its door wants. */
public interface OperationRule {

	/**
	 * Checks one operation while the application starts.
	 * @throws io.idempotency.InvalidIdempotencyConfigurationException if it cannot work
	 */
	void validate(MethodOperation operation);

}
