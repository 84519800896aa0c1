package io.idempotency.benchmarks.http;

import org.HdrHistogram.Histogram;

/**
 * What the client saw.
 *
 * @param nanos from the first request to the last response
 * @param latencies one per request, in nanoseconds
 */
record Load(long nanos, Histogram latencies) {

	long requests() {
		return this.latencies.getTotalCount();
	}

	double seconds() {
		return this.nanos / 1e9;
	}

	double micros(double percentile) {
		return this.latencies.getValueAtPercentile(percentile) / 1e3;
	}

	static Histogram histogram() {
		return new Histogram(60_000_000_000L, 3);
	}

}
