package io.idempotency.benchmarks.growth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.idempotency.benchmarks.Plot;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * The time of a call by the number of live records, as a picture.
 */
final class GrowthPlot {

	private final Map<String, Line> lines = new LinkedHashMap<>();

	private record Line(List<Integer> records, List<Double> micros) {
	}

	void add(String name, int records, Samples samples) {
		Line line = this.lines.computeIfAbsent(name, (key) -> new Line(new ArrayList<>(), new ArrayList<>()));
		line.records().add(records);
		line.micros().add(samples.median() / 1000);
	}

	/** Writes it, if there is something to show. */
	void write(Path file) throws IOException {
		if (this.lines.isEmpty()) {
			return;
		}
		XYChart chart = new XYChartBuilder().width(760)
			.height(400)
			.title("Time of a call of the store by live records")
			.xAxisTitle("live records")
			.yAxisTitle("µs, median")
			.build();
		chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
		chart.getStyler().setXAxisLogarithmic(true);
		chart.getStyler().setYAxisLogarithmic(true);
		chart.getStyler().setYAxisMin(0.01);
		chart.getStyler().setYAxisMax(1000.0);
		this.lines.forEach((name, line) -> chart.addSeries(name, line.records(), line.micros()));
		Plot.write(chart, file);
	}

}
