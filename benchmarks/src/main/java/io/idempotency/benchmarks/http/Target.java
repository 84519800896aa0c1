package io.idempotency.benchmarks.http;

import java.util.List;
import java.util.Locale;

/** What is called. */
enum Target {

	PLAIN,

	/** The minimal filter with a bare Redis driver of its own. */
	FLOOR,

	/** The minimal filter with the driver as the application has configured it. */
	SHARED,

	/** The commands of the floor where Spring MVC has bound the request. */
	INSIDE,

	/** The floor with the least that the contract costs. */
	LEAST,

	PROTECTED, OPTIONAL;

	/** Those that are called in turns, as far as they are wanted. */
	static final List<Target> COMPARED = List.of(PLAIN, FLOOR, SHARED, INSIDE, LEAST, PROTECTED);

	String path() {
		return "/" + label();
	}

	String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
