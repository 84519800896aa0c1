package io.idempotency.benchmarks.growth;

import java.util.LinkedHashMap;
import java.util.Map;

import io.idempotency.benchmarks.engine.AnnotatedOperations;

/** What it costs to find an operation among more and more of them. */
final class OperationGrowth {

	private static final int LOOKUPS = 10_000;

	private static final int MAX = 64;

	private final int rounds;

	OperationGrowth(int rounds) {
		this.rounds = rounds;
	}

	MarkdownTable run(GrowthPlot plot) {
		Map<AnnotatedOperations, Samples> sizes = new LinkedHashMap<>();
		for (int count = 1; count <= MAX; count *= 2) {
			sizes.put(new AnnotatedOperations(count), new Samples());
		}
		rounds(sizes, this.rounds / 2);
		sizes.values().forEach(Samples::clear);
		rounds(sizes, this.rounds);
		MarkdownTable table = new MarkdownTable("Lookup of an operation, by annotated operations", "operations",
				"lookup, µs (quartiles)");
		sizes.forEach((operations, samples) -> {
			table.row(operations.count(), samples);
			plot.add("lookup", operations.count(), samples);
		});
		return table;
	}

	private static void rounds(Map<AnnotatedOperations, Samples> sizes, int rounds) {
		for (int i = 0; i < rounds; i++) {
			sizes.forEach(OperationGrowth::measure);
		}
	}

	private static void measure(AnnotatedOperations operations, Samples samples) {
		int count = operations.count();
		int found = 0;
		long startedAt = System.nanoTime();
		for (int i = 0; i < LOOKUPS; i++) {
			if (operations.find(i % count) != null) {
				found++;
			}
		}
		samples.add(startedAt, LOOKUPS);
		if (found != LOOKUPS) {
			throw new IllegalStateException("Each of these methods is annotated");
		}
	}

}
