package io.idempotency.benchmarks.growth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a call costs, and a record takes, when Redis has more and more live records. */
final class RedisGrowth {

	private static final int CALLS = 200;

	private final int max;

	private final int rounds;

	RedisGrowth(int max, int rounds) {
		this.max = max;
		this.rounds = rounds;
	}

	MarkdownTable run(GrowthPlot plot) throws IOException {
		List<RedisRecords> sizes = new ArrayList<>();
		try {
			for (long live = 1000; live <= this.max; live *= 10) {
				sizes.add(new RedisRecords((int) live));
			}
			rounds(sizes, this.rounds / 2);
			sizes.forEach((records) -> {
				records.firsts().clear();
				records.replays().clear();
			});
			rounds(sizes, this.rounds);
			sizes.forEach((records) -> {
				plot.add("Redis, first", records.live(), records.firsts());
				plot.add("Redis, replay", records.live(), records.replays());
			});
			return table(sizes);
		}
		finally {
			sizes.forEach(RedisRecords::close);
		}
	}

	/** The sizes take turns, so that whatever else happens happens to all. */
	private static void rounds(List<RedisRecords> sizes, int rounds) {
		for (int i = 0; i < rounds; i++) {
			sizes.forEach((records) -> records.measure(CALLS));
		}
	}

	private static MarkdownTable table(List<RedisRecords> sizes) {
		MarkdownTable table = new MarkdownTable("Redis store, by live records", "live records",
				"claim and complete, µs (quartiles)", "replay, µs (quartiles)", "Redis memory per record, B");
		for (RedisRecords records : sizes) {
			table.row(String.format(Locale.ROOT, "%,d", records.live()), records.firsts(), records.replays(),
					Math.round(records.memoryPerRecord()));
		}
		return table;
	}

}
