package io.idempotency.benchmarks.http;

import java.util.List;
import java.util.Locale;

/** The median of some values, and between what they lie. */
record Spread(double median, double least, double most) {

	/** Of one value at least. */
	static Spread of(List<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		int size = sorted.size();
		double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
		return new Spread(median, sorted.get(0), sorted.get(size - 1));
	}

	String text(int decimals) {
		String number = "%." + decimals + "f";
		return String.format(Locale.ROOT, number + " (" + number + "–" + number + ")", this.median, this.least,
				this.most);
	}

}
