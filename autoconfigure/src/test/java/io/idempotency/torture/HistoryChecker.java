package io.idempotency.torture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Compares what clients did and were told with what the ledger saw, key by key and over
 * the complete history.
 */
final class HistoryChecker {

	private final Function<String, List<Run>> ledger;

	private final Terms terms;

	/**
	 * @param ledger knows the runs of a key in the order in which they began
	 * @param terms what a history is judged by
	 */
	HistoryChecker(Function<String, List<Run>> ledger, Terms terms) {
		this.ledger = ledger;
		this.terms = terms;
	}

	Verdict check(Collection<Operation> operations) {
		Verdict verdict = new Verdict(this.terms.claims() == Claims.FORGOTTEN);
		operations.forEach((operation) -> check(operation, verdict));
		return verdict;
	}

	private void check(Operation operation, Verdict verdict) {
		Runs runs = new Runs(operation, this.ledger.apply(operation.key()), this.terms);
		List<Violation> violations = new ArrayList<>(runs.violations());
		violations.addAll(new Answers(operation, runs, this.terms).violations());
		verdict.add(operation, runs, violations);
	}

}
