package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU times in microseconds, as Linux counts them.
 *
 * @param application of the measured application
 * @param client of this process
 * @param busy of the whole machine
 * @param idle of the whole machine
 */
record CpuTimes(long application, long client, long busy, long idle) {

	/** USER_HZ, which is 100 on every Linux that has a JVM. */
	private static final long MICROS_PER_TICK = 10_000;

	static CpuTimes now(ApplicationProcess application) throws IOException {
		// user, nice, system, idle, iowait, irq, softirq, steal
		String[] all = Files.readString(Path.of("/proc/stat")).split("\\s+", 10);
		return new CpuTimes(of(application.pid()), of(ProcessHandle.current().pid()), sum(all, 1, 2, 3, 6, 7, 8),
				sum(all, 4, 5));
	}

	private static long of(long pid) throws IOException {
		String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
		// the name in brackets may hold blanks; utime and stime are the 12th and 13th
		// after it
		return sum(stat.substring(stat.lastIndexOf(')') + 2).split(" ", 15), 11, 12);
	}

	private static long sum(String[] fields, int... indices) {
		long ticks = 0;
		for (int index : indices) {
			ticks += Long.parseLong(fields[index]);
		}
		return ticks * MICROS_PER_TICK;
	}

	CpuTimes since(CpuTimes earlier) {
		return new CpuTimes(this.application - earlier.application, this.client - earlier.client,
				this.busy - earlier.busy, this.idle - earlier.idle);
	}

	/**
	 * The share of the machine that went to whom this is not about, in percent. Roughly:
	 * Linux takes the machine's times by samples, and those of processes by the clock.
	 */
	double others(long redis) {
		return Math.max(0, 100.0 * (this.busy - this.application - this.client - redis) / (this.busy + this.idle));
	}

}
