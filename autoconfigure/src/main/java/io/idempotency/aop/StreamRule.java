package io.idempotency.aop;

/** What has to hold for a method that handles streams, besides what is always checked. */
public interface StreamRule {

	/**
	 * Checks one method while the application starts.
	 * @throws io.idempotency.InvalidIdempotencyConfigurationException if it cannot work
	 */
	void validate(StreamMethod method);

}
