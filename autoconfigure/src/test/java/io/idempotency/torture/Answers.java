package io.idempotency.torture;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Judges what clients were told about one key. Each kind is reported once. */
final class Answers {

	private final Operation operation;

	private final Runs runs;

	private final Terms terms;

	private final Map<Violation.Kind, Violation> violations = new EnumMap<>(Violation.Kind.class);

	private final Set<Run> firstAnswers = new HashSet<>();

	/** The runs whose answers stand; one, unless something is wrong. */
	private final Set<Run> standing = new HashSet<>();

	Answers(Operation operation, Runs runs, Terms terms) {
		this.operation = operation;
		this.runs = runs;
		this.terms = terms;
		operation.exchanges().forEach(this::judge);
		if (this.standing.size() > 1 && terms.claims() != Claims.FORGOTTEN) {
			report(Violation.Kind.CHANGED_ANSWER, this.standing.toString());
		}
		if (operation.isStuck() || (!operation.isAnswered() && !operation.isOfUnknownOutcome())) {
			report(Violation.Kind.STUCK_KEY, "the last answer was " + last());
		}
	}

	private void judge(Exchange exchange) {
		if (exchange.isSuccess()) {
			judgeSuccess(exchange);
		}
		else if (exchange.isUnknownOutcome() && this.operation.isHeld()) {
			judgeUnknown(exchange);
		}
		else if (!isAnnounced(exchange)) {
			report(Violation.Kind.UNEXPECTED_ANSWER, exchange.toString());
		}
	}

	private boolean isAnnounced(Exchange exchange) {
		return switch (exchange.status()) {
			case Exchange.NONE, 503 -> true;
			case 409 -> exchange.isProblem("in-progress");
			case 502 -> this.operation.isFailing();
			default -> false;
		};
	}

	private void judgeSuccess(Exchange exchange) {
		Optional<Run> found = this.runs.answering(exchange.body());
		if (found.isEmpty()) {
			boolean own = exchange.body().startsWith(this.operation.key() + " ");
			report(own ? Violation.Kind.INVENTED_ANSWER : Violation.Kind.FOREIGN_ANSWER, exchange.toString());
			return;
		}
		Run run = found.get();
		if (!run.hasEffect() || run.effectAt() > exchange.answeredAt()) {
			report(Violation.Kind.INVENTED_ANSWER, exchange + " of " + run);
		}
		if (!exchange.replay() && !this.firstAnswers.add(run)) {
			report(Violation.Kind.UNMARKED_REPLAY, exchange.toString());
		}
		// who was replaced answers its own caller all the same
		if (exchange.replay() || !this.runs.overtaken().contains(run)) {
			this.standing.add(run);
		}
	}

	private void judgeUnknown(Exchange exchange) {
		if (this.terms.claims() == Claims.FORGOTTEN) {
			return;
		}
		if (!this.runs.anyFailed() && !this.terms.isAnyAway(this.operation.startedAt(), exchange.answeredAt())) {
			report(Violation.Kind.UNFOUNDED_UNKNOWN, exchange.toString());
		}
		boolean answeredBefore = this.operation.exchanges()
			.stream()
			.anyMatch((earlier) -> earlier.isSuccess() && earlier.answeredAt() < exchange.sentAt());
		if (answeredBefore && this.terms.claims() == Claims.KEPT) {
			report(Violation.Kind.LOST_ANSWER, exchange + " after it was answered");
		}
	}

	private String last() {
		List<Exchange> exchanges = this.operation.exchanges();
		return exchanges.isEmpty() ? "none" : exchanges.get(exchanges.size() - 1).toString();
	}

	private void report(Violation.Kind kind, String detail) {
		this.violations.putIfAbsent(kind, new Violation(kind, this.operation.key(), detail));
	}

	List<Violation> violations() {
		return new ArrayList<>(this.violations.values());
	}

}
