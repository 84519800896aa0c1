package io.idempotency.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** How all pictures look, and how they are written. */
public final class Plot {

	private static final int DOTS_PER_INCH = 144;

	private Plot() {
	}

	/** Writes a chart as a PNG. */
	public static void write(Chart<?, ?> chart, Path file) throws IOException {
		chart.getStyler().setChartBackgroundColor(Color.WHITE);
		chart.getStyler().setPlotBorderVisible(false);
		chart.getStyler().setLegendBorderColor(Color.LIGHT_GRAY);
		Files.createDirectories(file.toAbsolutePath().getParent());
		BitmapEncoder.saveBitmapWithDPI(chart, file.toString(), BitmapFormat.PNG, DOTS_PER_INCH);
	}

}
