package io.idempotency.benchmarks.growth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a call costs when the in-memory store has more and more live records. */
final class MemoryGrowth {

	private static final int CALLS = 2000;

	/** More than a record takes, with room for the collector. */
	private static final long HEAP_PER_RECORD = 900;

	private final int max;

	private final int rounds;

	MemoryGrowth(int max, int rounds) {
		this.max = max;
		this.rounds = rounds;
	}

	MarkdownTable run(GrowthPlot plot) {
		List<MemoryRecords> sizes = new ArrayList<>();
		for (long live = 1000; live <= this.max
				&& live * HEAP_PER_RECORD < Runtime.getRuntime().maxMemory(); live *= 10) {
			sizes.add(new MemoryRecords((int) live));
		}
		rounds(sizes, this.rounds / 2);
		sizes.forEach((records) -> {
			records.firsts().clear();
			records.replays().clear();
		});
		rounds(sizes, this.rounds);
		sizes.forEach((records) -> {
			plot.add("in-memory, first", records.live(), records.firsts());
			plot.add("in-memory, replay", records.live(), records.replays());
		});
		return table(sizes);
	}

	/** The sizes take turns, so that whatever else happens happens to all. */
	private static void rounds(List<MemoryRecords> sizes, int rounds) {
		for (int i = 0; i < rounds; i++) {
			sizes.forEach((records) -> records.measure(CALLS));
		}
	}

	private static MarkdownTable table(List<MemoryRecords> sizes) {
		MarkdownTable table = new MarkdownTable("In-memory store, by live records", "live records",
				"claim and complete, µs (quartiles)", "replay, µs (quartiles)", "heap per record, B");
		for (MemoryRecords records : sizes) {
			table.row(String.format(Locale.ROOT, "%,d", records.live()), records.firsts(), records.replays(),
					(records.live() < 10_000) ? "" : Math.round(records.heapPerRecord()));
		}
		MemoryRecords last = sizes.get(sizes.size() - 1);
		if (last.live() < 10_000_000 && sizes.size() > 1) {
			MemoryRecords before = sizes.get(sizes.size() - 2);
			table.row(String.format(Locale.ROOT, "%,d (extrapolated: one more step like the last)", last.live() * 10L),
					extrapolated(before.firsts(), last.firsts()), extrapolated(before.replays(), last.replays()), "");
		}
		return table;
	}

	private static String extrapolated(Samples before, Samples last) {
		return String.format(Locale.ROOT, "%.3f", (2 * last.median() - before.median()) / 1000);
	}

}
