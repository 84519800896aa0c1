package io.idempotency.torture;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges the runs of one key: each but the first needs a reason. */
final class Runs {

	private final Operation operation;

	private final List<Run> all;

	private final Terms terms;

	private final Set<Run> overtaken = new HashSet<>();

	private final List<Violation> violations = new ArrayList<>();

	Runs(Operation operation, List<Run> all, Terms terms) {
		this.operation = operation;
		this.all = all;
		this.terms = terms;
		for (int later = 1; later < all.size(); later++) {
			judge(all.get(later), all.subList(0, later));
		}
	}

	private void judge(Run later, List<Run> before) {
		for (Run earlier : before) {
			Optional<Violation> violation = judge(earlier, later);
			if (violation.isPresent()) {
				this.violations.add(violation.get());
				return;
			}
		}
	}

	private Optional<Violation> judge(Run earlier, Run later) {
		if (earlier.failedAt() <= later.begunAt() && !this.operation.isHeld()) {
			return Optional.empty();
		}
		boolean lapsed = !this.operation.isHeld() && this.terms.isLapsed(earlier, later);
		if (lapsed) {
			this.overtaken.add(earlier);
		}
		Optional<Exchange> answer = answerBefore(earlier, later, lapsed);
		if (answer.isPresent() && !(lapsed && this.terms.claims() != Claims.KEPT)) {
			return violation(Violation.Kind.LOST_ANSWER, later + " after " + earlier + " was answered by " + answer);
		}
		return lapsed ? Optional.empty() : violation(Violation.Kind.SECOND_RUN, later + " after " + earlier);
	}

	/**
	 * The answer that a client had of a run before a later one began. An owner that comes
	 * back while another takes over answers its own caller, so what it says itself may
	 * overtake the new owner's first step.
	 */
	private Optional<Exchange> answerBefore(Run earlier, Run later, boolean lapsed) {
		return this.operation.exchanges().stream().filter((exchange) -> {
			long grace = (lapsed && !exchange.replay()) ? this.terms.slack() : 0;
			return exchange.isSuccess() && exchange.body().equals(earlier.answer())
					&& exchange.answeredAt() < later.begunAt() - grace;
		}).findFirst();
	}

	private Optional<Violation> violation(Violation.Kind kind, String detail) {
		return Optional.of(new Violation(kind, this.operation.key(), detail));
	}

	List<Violation> violations() {
		return this.violations;
	}

	/** Runs whose owner was replaced by definition. */
	Set<Run> overtaken() {
		return this.overtaken;
	}

	boolean anyFailed() {
		return this.all.stream().anyMatch((run) -> run.failedAt() != Run.NEVER);
	}

	Optional<Run> answering(String body) {
		return this.all.stream().filter((run) -> run.answer().equals(body)).findFirst();
	}

	/** For people; moments in milliseconds since the given one. */
	String history(long since) {
		return this.all.stream()
			.map((run) -> String.format(Locale.ROOT, "  run %s on %s began %.1f%s%s%n", run.id(), run.node(),
					(run.begunAt() - since) / 1e6,
					run.hasEffect() ? String.format(Locale.ROOT, " effect %.1f", (run.effectAt() - since) / 1e6) : "",
					(run.failedAt() != Run.NEVER) ? " failed" : ""))
			.collect(Collectors.joining());
	}

	long effects() {
		return this.all.stream().filter(Run::hasEffect).count();
	}

}
