package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a Redis has done so far.
 *
 * @param cpuMicros CPU time of its main thread
 * @param commands how often each command ran, those of scripts included
 */
record RedisUsage(long cpuMicros, Map<String, Long> commands) {

	private static final String PREFIX = "cmdstat_";

	private static final String CALLS = "calls=";

	static RedisUsage of(RedisConsole console) throws IOException {
		Map<String, String> cpu = console.info("cpu");
		double seconds = seconds(cpu, "used_cpu_sys") + seconds(cpu, "used_cpu_user");
		Map<String, Long> commands = new TreeMap<>();
		console.info("commandstats").forEach((name, value) -> {
			if (!name.equals("cmdstat_info")) {
				commands.put(name.substring(PREFIX.length()),
						Long.valueOf(value.substring(value.indexOf(CALLS) + CALLS.length(), value.indexOf(','))));
			}
		});
		return new RedisUsage((long) (seconds * 1_000_000), commands);
	}

	private static double seconds(Map<String, String> cpu, String name) {
		String main = cpu.get(name + "_main_thread");
		return Double.parseDouble((main != null) ? main : cpu.getOrDefault(name, "0"));
	}

	RedisUsage since(RedisUsage earlier) {
		Map<String, Long> difference = new TreeMap<>();
		this.commands.forEach((name, calls) -> {
			long more = calls - earlier.commands.getOrDefault(name, 0L);
			if (more > 0) {
				difference.put(name, more);
			}
		});
		return new RedisUsage(this.cpuMicros - earlier.cpuMicros, difference);
	}

}
