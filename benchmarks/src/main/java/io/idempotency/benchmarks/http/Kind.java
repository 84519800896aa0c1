package io.idempotency.benchmarks.http;

import java.util.Locale;

/** Which keys the requests bring. */
enum Kind {

	/** A new key each. */
	FIRST,

	/** One of some keys that were used before. */
	REPLAY,

	/** None. */
	KEYLESS;

	String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
