package io.idempotency.sample.saga;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A step behind a network: what is asked arrives twice, or when nobody waits for it any
 * more, and answers are lost.
 */
final class UnreliableStep implements TripStep {

	/** The probability of each fault. */
	private static final double FAULT = 0.15;

	private final TripStep step;

	private final Random random;

	private final List<Runnable> underWay;

	/**
	 * @param random decides what happens
	 * @param underWay is given what arrives later
	 */
	UnreliableStep(TripStep step, Random random, List<Runnable> underWay) {
		this.step = step;
		this.random = random;
		this.underWay = underWay;
	}

	/** All steps of a saga, each behind the network. */
	static List<TripStep> all(List<TripStep> steps, Random random, List<Runnable> underWay) {
		List<TripStep> behind = new ArrayList<>();
		steps.forEach((step) -> behind.add(new UnreliableStep(step, random, underWay)));
		return behind;
	}

	@Override
	public String name() {
		return this.step.name();
	}

	@Override
	public String run(String key, Trip trip) {
		before(() -> this.step.run(key, trip));
		String answer = this.step.run(key, trip);
		after();
		return answer;
	}

	@Override
	public void compensate(String key, String stepKey, Trip trip) {
		before(() -> this.step.compensate(key, stepKey, trip));
		this.step.compensate(key, stepKey, trip);
		after();
	}

	private void before(Runnable request) {
		double fate = this.random.nextDouble();
		if (fate < 2 * FAULT) {
			this.underWay.add(request);
		}
		if (fate < FAULT) {
			throw new NoAnswerException("the request is still under way");
		}
	}

	private void after() {
		if (this.random.nextDouble() < FAULT) {
			throw new NoAnswerException("the answer is lost");
		}
	}

	/** Nobody knows whether it was done. */
	static final class NoAnswerException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NoAnswerException(String message) {
			super(message);
		}

	}

}
