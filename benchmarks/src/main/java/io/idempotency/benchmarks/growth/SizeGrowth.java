package io.idempotency.benchmarks.growth;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.web.SampleResponse;

/** What a call costs in the Redis store when its response is larger and larger. */
final class SizeGrowth {

	private static final int CALLS = 20;

	private static final int LARGEST = 1_000_000;

	private final int rounds;

	SizeGrowth(int rounds) {
		this.rounds = rounds;
	}

	private record Times(Samples firsts, Samples replays) {
	}

	MarkdownTable run(GrowthPlot plot) throws IOException {
		try (LiveRedis redis = new LiveRedis()) {
			Map<Integer, Times> sizes = new LinkedHashMap<>();
			for (int size = 100; size <= LARGEST; size *= 10) {
				sizes.put(size, new Times(new Samples(), new Samples()));
			}
			rounds(redis, sizes, this.rounds / 2);
			sizes.values().forEach((times) -> {
				times.firsts().clear();
				times.replays().clear();
			});
			rounds(redis, sizes, this.rounds);
			MarkdownTable table = new MarkdownTable("Redis store, by bytes of the response, not compressed",
					"response, B", "claim and complete, µs (quartiles)", "replay, µs (quartiles)");
			sizes.forEach((size, times) -> {
				table.row(String.format(Locale.ROOT, "%,d", size), times.firsts(), times.replays());
				plot.add("first", size, times.firsts());
				plot.add("replay", size, times.replays());
			});
			return table;
		}
	}

	private static void rounds(LiveRedis redis, Map<Integer, Times> sizes, int rounds) {
		long next = 0;
		for (int i = 0; i < rounds; i++) {
			for (Map.Entry<Integer, Times> size : sizes.entrySet()) {
				StoredResult result = SampleResponse.stored(size.getKey());
				long startedAt = System.nanoTime();
				for (int call = 0; call < CALLS; call++) {
					Claim claim = Calls.claim(next + call);
					redis.store().claim(claim);
					redis.store().complete(claim, result, Calls.TTL);
				}
				size.getValue().firsts().add(startedAt, CALLS);
				long duplicatesAt = System.nanoTime();
				for (int call = 0; call < CALLS; call++) {
					if (!(redis.store().claim(Calls.claim(next + call)) instanceof ClaimOutcome.Completed)) {
						throw new IllegalStateException("A duplicate meets a completed record");
					}
				}
				size.getValue().replays().add(duplicatesAt, CALLS);
				next += CALLS;
			}
			redis.connection().sync().flushall();
		}
	}

}
