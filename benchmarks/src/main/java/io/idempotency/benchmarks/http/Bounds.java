package io.idempotency.benchmarks.http;

import java.util.ArrayList;
import java.util.List;

import io.idempotency.benchmarks.http.Slice.Series;
import org.jspecify.annotations.Nullable;

/** What the library has promised itself, and whether it keeps it. */
final class Bounds {

	private final Results results;

	private final List<Bound> bounds = new ArrayList<>();

	private Bounds(Results results) {
		this.results = results;
	}

	/** Of what was measured. */
	static List<Bound> of(Results results) {
		Bounds bounds = new Bounds(results);
		results.series().forEach(bounds::add);
		return bounds.bounds;
	}

	private void add(Series series) {
		List.of(Subject.FLOOR, Subject.SHARED).forEach((base) -> add(series, base));
		switch (series.part()) {
			case Parts.COMMANDS_FIRST -> atMost("commands sent, protected", series,
					this.results.spread(series, Subject.PROTECTED, Metric.COMMANDS), 2);
			case Parts.COMMANDS_REPLAY -> atMost("commands sent, protected", series,
					this.results.spread(series, Subject.PROTECTED, Metric.COMMANDS), 1);
			case Parts.WITHOUT -> {
				atLeast("throughput, plain / plain without the starter", series,
						this.results.ratio(series, Subject.PLAIN, Subject.WITHOUT, Metric.THROUGHPUT), 0.98);
				atLeast("throughput, optional without a key / plain without the starter", series,
						this.results.ratio(series, Subject.OPTIONAL, Subject.WITHOUT, Metric.THROUGHPUT), 0.98);
			}
			case Parts.RECORDS_IN_REDIS, Parts.RECORDS_IN_MEMORY -> {
				atMost("JVM CPU of a replay, 1,000,000 / 1,000 records", series,
						this.results.ratio(series, Subject.MANY, Subject.FEW, Metric.JVM_CPU), 1.10);
				if (series.part().equals(Parts.RECORDS_IN_REDIS)) {
					atMost("Redis CPU of a replay, 1,000,000 / 1,000 records", series,
							this.results.ratio(series, Subject.MANY, Subject.FEW, Metric.REDIS_CPU), 1.10);
				}
			}
			default -> {
				// has no bound
			}
		}
	}

	/** What is compared with one of the minimal filters. */
	private void add(Series series, String base) {
		switch (series.part()) {
			case Parts.FIRST -> {
				atLeast("throughput, protected / " + base, series, ratio(series, Metric.THROUGHPUT, base), 0.90);
				atMost("JVM CPU, added by protected / by " + base, series, excess(series, Metric.JVM_CPU, base), 1.30);
				atMost("Redis CPU, protected / " + base, series, ratio(series, Metric.REDIS_CPU, base), 1.40);
			}
			case Parts.REPLAY -> {
				atLeast("throughput, protected / " + base, series, ratio(series, Metric.THROUGHPUT, base), 0.95);
				atMost("Redis CPU, protected / " + base, series, ratio(series, Metric.REDIS_CPU, base), 1.40);
			}
			case Parts.IDLE_FIRST -> atMost("median latency, added by protected / by " + base, series,
					excess(series, Metric.P50, base), 1.15);
			case Parts.OPEN -> atMost("p99, protected / " + base, series, ratio(series, Metric.P99, base), 1.25);
			case Parts.MEMORY ->
				atMost("bytes per record, protected / " + base, series, ratio(series, Metric.BYTES, base), 1.10);
			default -> {
				// has no bound
			}
		}
	}

	private @Nullable Spread ratio(Series series, Metric metric, String base) {
		return this.results.ratio(series, Subject.PROTECTED, base, metric);
	}

	private @Nullable Spread excess(Series series, Metric metric, String base) {
		return this.results.excess(series, Subject.PROTECTED, base, Subject.PLAIN, metric);
	}

	private void atLeast(String what, Series series, @Nullable Spread measured, double limit) {
		add(what, series, measured, true, limit);
	}

	private void atMost(String what, Series series, @Nullable Spread measured, double limit) {
		add(what, series, measured, false, limit);
	}

	private void add(String what, Series series, @Nullable Spread measured, boolean least, double limit) {
		if (measured != null) {
			this.bounds.add(new Bound(what, Report.title(series), measured, least, limit));
		}
	}

}
