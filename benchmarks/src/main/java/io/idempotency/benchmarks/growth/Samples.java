package io.idempotency.benchmarks.growth;

import java.util.Arrays;
import java.util.Locale;

/** Times of blocks of calls. Their median is not moved by what else the machine does. */
final class Samples {

	private double[] nanos = new double[64];

	private int count;

	/**
	 * A block ended.
	 * @param startedAt by {@link System#nanoTime()}
	 * @param calls how many it had
	 */
	void add(long startedAt, int calls) {
		long taken = System.nanoTime() - startedAt;
		if (this.count == this.nanos.length) {
			this.nanos = Arrays.copyOf(this.nanos, 2 * this.count);
		}
		this.nanos[this.count++] = (double) taken / calls;
	}

	/** Forgets what was measured to warm up. */
	void clear() {
		this.count = 0;
	}

	/** The time of one call that this share of the blocks did not exceed. */
	double quantile(double share) {
		double[] sorted = Arrays.copyOf(this.nanos, this.count);
		Arrays.sort(sorted);
		return (this.count == 0) ? Double.NaN : sorted[(int) Math.min(this.count - 1L, (long) (share * this.count))];
	}

	double median() {
		return quantile(0.5);
	}

	/** The median, and between what half of the blocks were, in microseconds. */
	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%.3f (%.3f - %.3f)", median() / 1000, quantile(0.25) / 1000,
				quantile(0.75) / 1000);
	}

}
