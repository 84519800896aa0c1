package io.idempotency.benchmarks.http;

import java.util.Locale;

/**
 * What a measured value has to keep to.
 *
 * @param least whether the limit is the least that is allowed, not the most
 */
record Bound(String what, String where, Spread measured, boolean least, double limit) {

	private boolean holds() {
		return this.least ? this.measured.median() >= this.limit : this.measured.median() <= this.limit;
	}

	String row() {
		return String.format(Locale.ROOT, "| %s | %s | %s | %s %.2f | %s |", this.what, this.where,
				this.measured.text(3), this.least ? "≥" : "≤", this.limit, holds() ? "holds" : "missing");
	}

}
