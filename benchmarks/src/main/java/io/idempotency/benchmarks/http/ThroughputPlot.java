package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.idempotency.benchmarks.Plot;
import io.idempotency.benchmarks.http.Slice.Series;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Throughput of the closed loops as shares of the plain endpoint's, as a picture. */
final class ThroughputPlot {

	private static final List<String> PARTS = List.of(Parts.FIRST, Parts.REPLAY);

	private final Results results;

	ThroughputPlot(Results results) {
		this.results = results;
	}

	/** Writes it, if there is something to show. */
	void write(Path file) throws IOException {
		List<Series> series = this.results.series()
			.stream()
			.filter((one) -> PARTS.contains(one.part()) && share(one, Subject.PROTECTED) != null)
			.toList();
		if (series.isEmpty()) {
			return;
		}
		CategoryChart chart = new CategoryChartBuilder().width(760)
			.height(400)
			.title("Throughput as a share of the unprotected endpoint's, by connections")
			.build();
		chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
		chart.getStyler().setYAxisMin(0.0);
		chart.getStyler().setYAxisMax(1.3);
		chart.getStyler().setLabelsVisible(true);
		for (String subject : List.of(Subject.FLOOR, Subject.SHARED, Subject.PROTECTED)) {
			List<Double> shares = new ArrayList<>();
			for (Series one : series) {
				Spread share = share(one, subject);
				shares.add((share != null) ? Math.round(share.median() * 100) / 100.0 : null);
			}
			if (!shares.contains(null)) {
				chart.addSeries(subject, series.stream().map((one) -> one.part() + ", " + one.connections()).toList(),
						shares);
			}
		}
		Plot.write(chart, file);
	}

	private @Nullable Spread share(Series series, String subject) {
		return this.results.ratio(series, subject, Subject.PLAIN, Metric.THROUGHPUT);
	}

}
