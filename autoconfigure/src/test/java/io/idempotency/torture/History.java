package io.idempotency.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.idempotency.torture.Violation.Kind;

/** A history of one key by hand, in milliseconds, under a lease of four seconds. */
final class History {

	private static final String KEY = "key";

	private final List<Run> runs = new ArrayList<>();

	private final List<Absence> absences = new ArrayList<>();

	private Operation operation = operation(KEY, false, 0);

	private Claims claims = Claims.KEPT;

	static Operation operation(String key, boolean held, long startedAt) {
		return new Operation(key, held, 0, true, moment(startedAt));
	}

	static long moment(long millis) {
		return (millis == Run.NEVER) ? Run.NEVER : TimeUnit.MILLISECONDS.toNanos(millis);
	}

	History held() {
		this.operation = operation(KEY, true, 0);
		return this;
	}

	History terms(Claims newClaims) {
		this.claims = newClaims;
		return this;
	}

	Operation operation() {
		return this.operation;
	}

	void run(String id, String node, long begunAt, long effectAt) {
		this.runs.add(new Run(KEY, id, node, moment(begunAt), moment(effectAt), Run.NEVER));
	}

	void failedRun(String id, String node, long begunAt, long failedAt) {
		this.runs.add(new Run(KEY, id, node, moment(begunAt), Run.NEVER, moment(failedAt)));
	}

	void killed(String node, long at) {
		this.absences.add(new Absence(node, moment(at), Absence.NEVER));
	}

	void away(String node, long from, long to) {
		this.absences.add(new Absence(node, moment(from), moment(to)));
	}

	/** The answer of a run, of this node or of another one that is asked here. */
	void answer(String node, long sentAt, long answeredAt, String run, boolean replay) {
		String owner = this.runs.stream()
			.filter((candidate) -> candidate.id().equals(run))
			.findFirst()
			.orElseThrow()
			.node();
		answerWith(node, sentAt, answeredAt, 200, replay, Run.answer(KEY, run, owner));
	}

	void answer(String node, long sentAt, long answeredAt, int status, String problem) {
		answerWith(node, sentAt, answeredAt, status, false, "urn:idempotency:problem:" + problem);
	}

	void answerWith(String node, long sentAt, long answeredAt, int status, boolean replay, String body) {
		this.operation.add(new Exchange(node, moment(sentAt), moment(answeredAt), status, replay, body));
	}

	List<Kind> violations() {
		return verdict().violations().stream().map(Violation::kind).toList();
	}

	Verdict verdict() {
		Terms terms = Terms.of(this.claims, Duration.ofSeconds(4), Duration.ofMillis(50), this.absences);
		return new HistoryChecker((key) -> this.runs, terms).check(List.of(this.operation));
	}

}
