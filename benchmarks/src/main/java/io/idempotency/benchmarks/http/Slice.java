package io.idempotency.benchmarks.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One measurement.
 *
 * @param series of which it is a part
 * @param subject who was measured, such as {@code floor}
 * @param values what was taken
 * @param commands commands of Redis per request by name, those of scripts included
 */
record Slice(Series series, String subject, int round, Map<Metric, Double> values, Map<String, Double> commands) {

	static String csvHeader() {
		return "part,connections,subject,round," + Arrays.stream(Metric.values())
			.map((metric) -> metric.title().replace("µs", "us"))
			.collect(Collectors.joining(",")) + ",calls";
	}

	String csv() {
		String numbers = Arrays.stream(Metric.values())
			.map((metric) -> this.values.containsKey(metric)
					? String.format(Locale.ROOT, "%.2f", this.values.get(metric)) : "")
			.collect(Collectors.joining(","));
		return this.series.part() + "," + this.series.connections() + "," + this.subject + "," + this.round + ","
				+ numbers + "," + calls();
	}

	/** As in {@code evalsha 1.00 set 2.00}. */
	String calls() {
		return this.commands.entrySet()
			.stream()
			.map((entry) -> String.format(Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue()))
			.collect(Collectors.joining(" "));
	}

	/**
	 * Slices that are compared with each other.
	 *
	 * @param part such as {@code first}
	 */
	record Series(String part, int connections) {

	}

}
