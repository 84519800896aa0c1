package io.idempotency.sample.saga;

/**
 * A step of the saga and its compensation. Each may be called many times, in any order
 * and at the same time, and takes effect once: the step with the first call, unless its
 * compensation came before; the compensation with its first call, unless there is nothing
 * to take back.
 */
interface TripStep {

	/** What its keys are derived from: it must not change. */
	String name();

	/**
	 * Does it.
	 * @param key of the step
	 * @return what the first call of the key has returned
	 * @throws StepRefusedException if it cannot be had: asking again would be of no use
	 * @throws StepWithdrawnException if its compensation came before
	 */
	String run(String key, Trip trip);

	/**
	 * Takes it back, or prevents it from being done later.
	 * @param key of the compensation
	 * @param stepKey of what is taken back
	 */
	void compensate(String key, String stepKey, Trip trip);

}
