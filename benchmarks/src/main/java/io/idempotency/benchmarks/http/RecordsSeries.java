package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.util.List;

import io.idempotency.benchmarks.http.Slice.Series;

/**
 * Replays with few live records against replays with many, each with an application and a
 * Redis of its own. New keys would make many of the few, so they are left to the growth
 * benchmarks, which end as many records as they begin.
 */
final class RecordsSeries {

	private static final int FEW = 1_000;

	private static final int MANY = 1_000_000;

	private static final Call REPLAY = Call.of(Target.PROTECTED, Kind.REPLAY);

	private final Options options;

	private final Results results;

	RecordsSeries(Options options, Results results) {
		this.options = options;
		this.results = results;
	}

	void run() throws IOException, InterruptedException {
		for (int fork = 0; fork < this.options.forks(); fork++) {
			run(new Series(Parts.RECORDS_IN_REDIS, 16), fork, "redis");
			run(new Series(Parts.RECORDS_IN_MEMORY, 16), fork, "memory");
		}
	}

	private void run(Series series, int fork, String store) throws IOException, InterruptedException {
		try (RecordsSite few = RecordsSite.start(this.options, store, FEW);
				RecordsSite many = RecordsSite.start(this.options, store, MANY)) {
			List<Subject> subjects = List.of(new Subject(Subject.FEW, few.meter(), REPLAY),
					new Subject(Subject.MANY, many.meter(), REPLAY));
			for (Subject subject : subjects) {
				subject.meter().seed(REPLAY, series.connections(), MANY);
			}
			Series warmUp = new Series("warm-up", series.connections());
			for (int half = 0; half < 2; half++) {
				Subject.takeTurns(subjects, half,
						(subject) -> subject.meter().further(warmUp, subject, 0, this.options.warmup() / 2));
			}
			for (int i = 0; i < this.options.rounds(); i++) {
				int round = fork * this.options.rounds() + i;
				Subject.takeTurns(subjects, round, (subject) -> this.results
					.add(subject.meter().further(series, subject, round, this.options.seconds())));
			}
		}
	}

}
