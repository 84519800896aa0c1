package io.idempotency.benchmarks.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.idempotency.benchmarks.http.Slice.Series;
import org.jspecify.annotations.Nullable;

/** Results as tables in Markdown: medians of the rounds, with the least and the most. */
final class Report {

	private final Results results;

	private final StringBuilder text = new StringBuilder();

	private Report(Results results) {
		this.results = results;
	}

	static String of(Results results) {
		Report report = new Report(results);
		results.series().forEach(report::table);
		report.bounds();
		return report.text.toString();
	}

	static String title(Series series) {
		return series.part() + ", " + series.connections()
				+ ((series.connections() == 1) ? " connection" : " connections");
	}

	private void table(Series series) {
		List<String> subjects = this.results.subjects(series);
		List<Metric> metrics = Arrays.stream(Metric.values())
			.filter((metric) -> this.results.spread(series, subjects.get(0), metric) != null)
			.filter((metric) -> metric != Metric.REQUESTS)
			.toList();
		line("### " + title(series) + "\n");
		line(row("", metrics, Metric::title) + " commands run |");
		line("|---|" + "---:|".repeat(metrics.size()) + "---|");
		for (String subject : subjects) {
			line(row(subject, metrics,
					(metric) -> text(this.results.spread(series, subject, metric), metric.decimals())) + " "
					+ this.results.calls(series, subject) + " |");
		}
		for (String base : subjects) {
			for (String subject : subjects) {
				if (Subject.compare(base, subject) < 0
						&& metrics.stream().anyMatch((metric) -> metric.isCompared(base))) {
					line(row(subject + " / " + base, metrics, (metric) -> ratio(series, subject, base, metric)) + " |");
				}
			}
		}
		for (String base : List.of(Subject.FLOOR, Subject.SHARED)) {
			if (subjects.containsAll(List.of(Subject.PLAIN, base, Subject.PROTECTED))) {
				line(row("added by protected / by " + base, metrics, (metric) -> added(series, base, metric)) + " |");
			}
		}
		line("");
	}

	private String ratio(Series series, String subject, String base, Metric metric) {
		return metric.isCompared(base) ? text(this.results.ratio(series, subject, base, metric), 2) : "";
	}

	/** Where adding is what a protection does. */
	private String added(Series series, String base, Metric metric) {
		if (metric != Metric.P50 && metric != Metric.JVM_CPU && metric != Metric.ALLOCATED) {
			return "";
		}
		return text(this.results.excess(series, Subject.PROTECTED, base, Subject.PLAIN, metric), 2);
	}

	private static String row(String title, List<Metric> metrics, Function<Metric, String> cell) {
		List<String> cells = new ArrayList<>(List.of(title));
		metrics.forEach((metric) -> cells.add(cell.apply(metric)));
		return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
	}

	private static String text(@Nullable Spread spread, int decimals) {
		return (spread != null) ? spread.text(decimals) : "";
	}

	private void bounds() {
		line("### Bounds\n");
		line("| what | where | measured | bound | |");
		line("|---|---|---:|---:|---|");
		Bounds.of(this.results).forEach((bound) -> line(bound.row()));
	}

	private void line(String line) {
		this.text.append(line).append('\n');
	}

}
