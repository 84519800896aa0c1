package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.util.List;

import io.idempotency.benchmarks.http.Slice.Series;

/**
 * An application with the starter against the same one in which it is switched off: the
 * library has no filter, no interceptor and no aspect then. Two JVMs never compile alike,
 * so this is done with several pairs of them.
 */
final class WithoutSeries {

	private final Options options;

	private final Results results;

	WithoutSeries(Options options, Results results) {
		this.options = options;
		this.results = results;
	}

	void run(RedisProcess redis, RedisConsole console) throws IOException, InterruptedException {
		for (int fork = 0; fork < this.options.forks(); fork++) {
			try (ApplicationProcess with = ApplicationProcess.start("with-" + fork, this.options, redis.port(),
					List.of());
					ApplicationProcess without = ApplicationProcess.start("without-" + fork, this.options, redis.port(),
							List.of("--idempotency.enabled=false"))) {
				run(fork, new Meter(with, console), new Meter(without, console));
			}
		}
	}

	private void run(int fork, Meter with, Meter without) throws IOException, InterruptedException {
		List<Subject> subjects = List.of(new Subject(Subject.WITHOUT, without, Call.of(Target.PLAIN, Kind.KEYLESS)),
				new Subject(Subject.PLAIN, with, Call.of(Target.PLAIN, Kind.KEYLESS)),
				new Subject(Subject.OPTIONAL, with, Call.of(Target.OPTIONAL, Kind.KEYLESS)));
		Series warmUp = new Series("warm-up", 16);
		for (int half = 0; half < 2; half++) {
			Subject.takeTurns(subjects, half,
					(subject) -> subject.meter().closed(warmUp, subject, 0, this.options.warmup() / 2));
		}
		for (int i = 0; i < this.options.rounds(); i++) {
			int round = fork * this.options.rounds() + i;
			for (int connections : this.options.connections()) {
				Series series = new Series(Parts.WITHOUT, connections);
				Subject.takeTurns(subjects, round, (subject) -> this.results
					.add(subject.meter().closed(series, subject, round, this.options.seconds())));
			}
		}
	}

}
