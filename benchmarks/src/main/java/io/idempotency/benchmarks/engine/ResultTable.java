package io.idempotency.benchmarks.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** Results of JMH as a Markdown table, and what can be read off it. */
final class ResultTable {

	private static final String BYTES = "gc.alloc.rate.norm";

	private final List<Row> rows = new ArrayList<>();

	/**
	 * One measurement.
	 *
	 * @param name class and method
	 * @param parameters of the benchmark
	 * @param threads how many
	 * @param mean nanoseconds of one operation
	 * @param error half of the confidence interval of the mean
	 * @param median nanoseconds of one operation in the iteration in the middle
	 * @param cpu nanoseconds of the processor for one operation
	 * @param bytes that one operation allocated
	 */
	record Row(String name, String parameters, int threads, double mean, double error, double median, double cpu,
			double bytes) {
	}

	ResultTable(Collection<RunResult> results) {
		for (RunResult result : results) {
			BenchmarkParams params = result.getParams();
			Result<?> time = result.getPrimaryResult();
			this.rows.add(new Row(name(params.getBenchmark()), parameters(params), params.getThreads(), time.getScore(),
					time.getScoreError(), time.getStatistics().getPercentile(50),
					secondary(result, CpuTimeProfiler.NAME), secondary(result, BYTES)));
		}
	}

	private static double secondary(RunResult result, String name) {
		Result<?> found = result.getSecondaryResults().get(name);
		return (found != null) ? found.getScore() : Double.NaN;
	}

	private static String name(String benchmark) {
		int method = benchmark.lastIndexOf('.');
		int type = benchmark.lastIndexOf('.', method - 1);
		return benchmark.substring(type + 1, method).replaceFirst("Benchmark$", "") + benchmark.substring(method);
	}

	private static String parameters(BenchmarkParams params) {
		Map<String, String> sorted = new TreeMap<>();
		params.getParamsKeys().forEach((key) -> sorted.put(key, params.getParam(key)));
		StringJoiner text = new StringJoiner(", ");
		sorted.forEach((key, value) -> text.add(key + "=" + value));
		return text.toString();
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("""
				| benchmark | parameters | threads | ns/op | error | median | CPU ns/op | B/op |
				| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
				""");
		for (Row row : this.rows) {
			text.append(String.format(Locale.ROOT, "| %s | %s | %d | %.1f | ± %.1f | %.1f | %.1f | %.0f |%n",
					row.name(), row.parameters(), row.threads(), row.mean(), row.error(), row.median(), row.cpu(),
					row.bytes()));
		}
		List<String> readings = new Readings(this.rows).lines();
		if (!readings.isEmpty()) {
			text.append('\n');
			readings.forEach((line) -> text.append("- ").append(line).append('\n'));
		}
		return text.toString();
	}

}
