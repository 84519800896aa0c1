package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.idempotency.benchmarks.http.Slice.Series;
import org.jspecify.annotations.Nullable;

/** All slices, also as lines of a file. */
final class Results implements AutoCloseable {

	private final List<Slice> slices = new ArrayList<>();

	private final PrintStream file;

	Results(Path file) throws IOException {
		this.file = new PrintStream(file.toFile(), StandardCharsets.UTF_8);
		this.file.println(Slice.csvHeader());
	}

	void add(Slice slice) {
		this.slices.add(slice);
		this.file.println(slice.csv());
		this.file.flush();
		System.err.println(slice.csv());
	}

	/** In the order in which they began. */
	List<Series> series() {
		return this.slices.stream().map(Slice::series).distinct().toList();
	}

	List<String> subjects(Series series) {
		return of(series).map(Slice::subject).distinct().sorted(Subject::compare).toList();
	}

	private Stream<Slice> of(Series series) {
		return this.slices.stream().filter((slice) -> slice.series().equals(series));
	}

	/** One value for each round, in the order of rounds; none if it was not taken. */
	List<Double> values(Series series, String subject, Metric metric) {
		return of(series).filter((slice) -> slice.subject().equals(subject) && slice.values().containsKey(metric))
			.map((slice) -> slice.values().get(metric))
			.toList();
	}

	String calls(Series series, String subject) {
		return of(series).filter((slice) -> slice.subject().equals(subject))
			.map(Slice::calls)
			.reduce((first, second) -> second)
			.orElse("");
	}

	@Nullable Spread spread(Series series, String subject, Metric metric) {
		List<Double> values = values(series, subject, metric);
		return values.isEmpty() ? null : Spread.of(values);
	}

	/** Of the ratios of the rounds. */
	@Nullable Spread ratio(Series series, String subject, String base, Metric metric) {
		return excess(series, subject, base, null, metric);
	}

	/**
	 * Of what two subjects add to a third, in each round in which the base adds anything.
	 * @param zero the third, or {@code null} for the ratios of the two themselves
	 */
	@Nullable Spread excess(Series series, String subject, String base, @Nullable String zero, Metric metric) {
		List<Double> above = values(series, subject, metric);
		List<Double> below = values(series, base, metric);
		List<Double> offsets = (zero != null) ? values(series, zero, metric) : List.of();
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < Math.min(above.size(), below.size()); i++) {
			double offset = (i < offsets.size()) ? offsets.get(i) : 0;
			if (below.get(i) > offset) {
				ratios.add((above.get(i) - offset) / (below.get(i) - offset));
			}
		}
		return ratios.isEmpty() ? null : Spread.of(ratios);
	}

	@Override
	public void close() {
		this.file.close();
	}

}
