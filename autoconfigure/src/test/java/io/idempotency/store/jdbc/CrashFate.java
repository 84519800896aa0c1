package io.idempotency.store.jdbc;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of a key whose first request was at a point when its process was killed.
 *
 * @param firstPayment of the request that was killed, or a hyphen
 * @param duplicate what another request got meanwhile; empty if there was none
 * @param paymentsAfterKill how many there were then
 * @param answer of the retry that was answered at last
 * @param replay of that answer
 * @param payments all that were made in the end
 */
record CrashFate(CrashMode mode, CrashPoint point, String key, String firstPayment, String duplicate,
		List<String> paymentsAfterKill, Answer answer, Answer replay, List<String> payments) {

	/**
	 * An answer of the application.
	 *
	 * @param replayed whether it says that it is stored
	 */
	record Answer(int status, boolean replayed, String body) {

		boolean pays(String payment) {
			return this.body.equals("{\"payment\":\"" + payment + "\"}");
		}

	}

	/** Whether the caller got what the killed request would have answered. */
	boolean isFirstAnswer() {
		return this.answer.pays(this.firstPayment);
	}

	/** What should not be. */
	List<String> violations() {
		List<String> violations = new ArrayList<>();
		check(violations, this.paymentsAfterKill.size() == this.mode.paymentsAfterKill(this.point),
				"wrong number of payments after the kill");
		check(violations, this.payments.size() == 1 || (this.payments.size() == 2 && this.mode.mayPayTwice(this.point)),
				"not one payment");
		check(violations, this.payments.containsAll(this.paymentsAfterKill), "a payment was lost");
		check(violations, this.payments.stream().anyMatch(this.answer::pays), "an answer without its payment");
		check(violations, this.answer.status() == 201, "an answer of another status");
		check(violations, this.replay.equals(new Answer(201, true, this.answer.body())), "no replay of the answer");
		if (this.point == CrashPoint.COMPLETED) {
			check(violations, this.answer.replayed() && isFirstAnswer(), "not the stored answer");
			check(violations, this.duplicate.equals(this.answer.body()), "another answer before the kill");
		}
		else {
			check(violations, !this.answer.replayed(), "a stored answer of nobody");
			check(violations, this.duplicate.contains("in-progress") == this.point.isInProgress(),
					"a duplicate that was not refused");
		}
		return violations;
	}

	private void check(List<String> violations, boolean holds, String otherwise) {
		if (!holds) {
			violations.add(otherwise + ": " + this);
		}
	}

}
