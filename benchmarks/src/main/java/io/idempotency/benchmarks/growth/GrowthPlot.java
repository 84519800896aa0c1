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

/** What something costs by how much of it there is, as a picture. */
final class GrowthPlot {

	private final XYChart chart;

	private final Map<String, Line> lines = new LinkedHashMap<>();

	private record Line(List<Long> sizes, List<Double> costs) {
	}

	/**
	 * @param title of the picture
	 * @param what there is more and more of
	 * @param cost with its unit
	 */
	GrowthPlot(String title, String what, String cost) {
		this.chart = new XYChartBuilder().width(760).height(400).title(title).xAxisTitle(what).yAxisTitle(cost).build();
		this.chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
		this.chart.getStyler().setXAxisLogarithmic(true);
	}

	GrowthPlot logarithmic(double least, double most) {
		this.chart.getStyler().setYAxisLogarithmic(true);
		return between(least, most);
	}

	GrowthPlot between(double least, double most) {
		this.chart.getStyler().setYAxisMin(least);
		this.chart.getStyler().setYAxisMax(most);
		return this;
	}

	/** Adds the median of a time, in microseconds. */
	void add(String name, long size, Samples samples) {
		add(name, size, samples.median() / 1000);
	}

	void add(String name, long size, double cost) {
		Line line = this.lines.computeIfAbsent(name, (key) -> new Line(new ArrayList<>(), new ArrayList<>()));
		line.sizes().add(size);
		line.costs().add(cost);
	}

	/** Writes it, if there is something to show. */
	void write(Path file) throws IOException {
		if (this.lines.isEmpty()) {
			return;
		}
		this.lines.forEach((name, line) -> this.chart.addSeries(name, line.sizes(), line.costs()));
		Plot.write(this.chart, file);
	}

}
