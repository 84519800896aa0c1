package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.util.List;

import io.idempotency.benchmarks.http.Slice.Series;

/** The endpoints of one application against each other. */
final class StarterSeries {

	private static final long RECORDS = 20_000;

	private static final long REQUESTS_OF_COMMANDS = 100;

	/** More requests in a second than two processors can answer. */
	private static final double TOO_MUCH = 20_000;

	private final Options options;

	private final Results results;

	private final Meter meter;

	private final List<Subject> first;

	private final List<Subject> replay;

	/** Calls the endpoints of one application. */
	StarterSeries(Options options, Results results, Meter meter) {
		this.options = options;
		this.results = results;
		this.meter = meter;
		this.first = subjects(Kind.FIRST);
		this.replay = subjects(Kind.REPLAY);
	}

	private List<Subject> subjects(Kind kind) {
		return Target.COMPARED.stream()
			.filter((target) -> this.options.targets().contains(target.label()))
			.map((target) -> new Subject(target.label(), this.meter, Call.of(target, kind)))
			.toList();
	}

	/** Those that keep records. */
	private static List<Subject> keeping(List<Subject> subjects) {
		return subjects.stream().filter((subject) -> subject.call().target() != Target.PLAIN).toList();
	}

	void run() throws IOException, InterruptedException {
		warmUp();
		for (int round = 0; round < this.options.rounds(); round++) {
			for (int connections : this.options.connections()) {
				closed("first", new Series(Parts.FIRST, connections), this.first, round);
				closed("replay", new Series(Parts.REPLAY, connections), this.replay, round);
			}
			closed("idle", new Series(Parts.IDLE_FIRST, 1), this.first, round);
			closed("idle", new Series(Parts.IDLE_REPLAY, 1), this.replay, round);
		}
		if (this.options.runs("open")) {
			open();
		}
		if (this.options.runs("memory")) {
			memory();
		}
	}

	/** In two halves, so that nobody's code is compiled for itself alone. */
	private void warmUp() throws IOException, InterruptedException {
		Series series = new Series("warm-up", 16);
		for (int half = 0; half < 2; half++) {
			Subject.Turn turn = (subject) -> subject.meter().closed(series, subject, 0, this.options.warmup() / 2);
			Subject.takeTurns(this.first, half, turn);
			Subject.takeTurns(this.replay, half, turn);
		}
	}

	private void closed(String flag, Series series, List<Subject> subjects, int round)
			throws IOException, InterruptedException {
		if (this.options.runs(flag)) {
			Subject.takeTurns(subjects, round, (subject) -> this.results
				.add(subject.meter().closed(series, subject, round, this.options.seconds())));
		}
	}

	/** At a share of the rate that the floor can do. */
	private void open() throws IOException, InterruptedException {
		int connections = this.options.mostConnections();
		double rate = saturation(connections) * this.options.openShare();
		Series series = new Series(Parts.OPEN, connections);
		for (int i = 0; i < this.options.rounds(); i++) {
			int round = i;
			Subject.takeTurns(this.first, round, (subject) -> this.results
				.add(subject.meter().paced(series, subject, round, this.options.seconds(), rate)));
		}
	}

	/**
	 * What the floor can do when requests are due faster than it can take them. Measured
	 * with the load of a constant rate, which takes more of the machine than the closed
	 * loop does.
	 */
	private double saturation(int connections) throws IOException, InterruptedException {
		Series series = new Series(Parts.SATURATION, connections);
		Subject floor = new Subject(Subject.FLOOR, this.meter, Call.of(Target.FLOOR, Kind.FIRST));
		for (int i = 0; i < this.options.rounds(); i++) {
			this.results.add(floor.meter().paced(series, floor, i, this.options.seconds() / 2, TOO_MUCH));
		}
		return Spread.of(this.results.values(series, Subject.FLOOR, Metric.THROUGHPUT)).median();
	}

	/** What a record takes in Redis, and how many commands it takes to put it there. */
	private void memory() throws IOException, InterruptedException {
		for (int i = 0; i < this.options.rounds(); i++) {
			int round = i;
			Subject.takeTurns(keeping(this.first), round, (subject) -> this.results
				.add(subject.meter().memory(new Series(Parts.MEMORY, 16), subject, round, RECORDS)));
		}
		commands(new Series(Parts.COMMANDS_FIRST, 1), this.first);
		commands(new Series(Parts.COMMANDS_REPLAY, 1), this.replay);
	}

	private void commands(Series series, List<Subject> subjects) throws IOException, InterruptedException {
		Subject.takeTurns(keeping(subjects), 0,
				(subject) -> this.results.add(subject.meter().commands(series, subject, 0, REQUESTS_OF_COMMANDS)));
	}

}
