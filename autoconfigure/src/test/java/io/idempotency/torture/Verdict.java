package io.idempotency.torture;

import java.util.ArrayList;
import java.util.List;

/** What a checker found in one history. */
final class Verdict {

	private final boolean forgotten;

	private final List<Violation> violations = new ArrayList<>();

	private final List<String> evidence = new ArrayList<>();

	private int runAgain;

	private int takenOver;

	private int takenOverAfterEffect;

	/**
	 * @param forgotten whether Redis forgets, so that a second run is counted and nothing
	 * else
	 */
	Verdict(boolean forgotten) {
		this.forgotten = forgotten;
	}

	void add(Operation operation, Runs runs, List<Violation> found) {
		boolean again = runs.effects() > 1;
		if (!runs.overtaken().isEmpty()) {
			this.takenOver++;
			this.takenOverAfterEffect += again ? 1 : 0;
		}
		if (again && !runs.violations().isEmpty()) {
			this.runAgain++;
		}
		List<Violation> counted = found.stream()
			.filter((violation) -> !this.forgotten || !isForgetfulness(violation))
			.toList();
		this.violations.addAll(counted);
		if (!found.isEmpty()) {
			this.evidence.add(found + "\n" + operation.history() + runs.history(operation.startedAt()));
		}
	}

	private static boolean isForgetfulness(Violation violation) {
		return violation.kind() == Violation.Kind.SECOND_RUN || violation.kind() == Violation.Kind.LOST_ANSWER;
	}

	void add(Violation violation) {
		this.violations.add(violation);
	}

	List<Violation> violations() {
		return this.violations;
	}

	/** The complete histories of the keys that were violated, or forgotten. */
	List<String> evidence() {
		return this.evidence;
	}

	long wrongAnswers() {
		return this.violations.stream().filter((violation) -> violation.kind().isWrongAnswer()).count();
	}

	long stuckKeys() {
		return this.violations.stream().filter((violation) -> violation.kind() == Violation.Kind.STUCK_KEY).count();
	}

	/**
	 * Keys that took effect more than once, though their owner did not lose its lease.
	 */
	int runAgain() {
		return this.runAgain;
	}

	/** Keys whose owner was away for a lease, so that another one took over. */
	int takenOver() {
		return this.takenOver;
	}

	/** Those of them that took effect more than once. */
	int takenOverAfterEffect() {
		return this.takenOverAfterEffect;
	}

}
