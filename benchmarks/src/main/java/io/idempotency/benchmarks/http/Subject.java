package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.util.List;

/**
 * Who is measured, as one among others.
 *
 * @param meter of its application
 */
record Subject(String name, Meter meter, Call call) {

	static final String PLAIN = "plain";

	static final String FLOOR = "floor";

	/** The floor over the driver of the application, as the library has to use it. */
	static final String SHARED = "shared";

	/** The commands of the floor where Spring MVC has bound the request. */
	static final String INSIDE = "inside";

	/** The floor with the least that the contract costs. */
	static final String LEAST = "least";

	static final String PROTECTED = "protected";

	static final String OPTIONAL = "optional without a key";

	/** Plain in an application in which the library is switched off. */
	static final String WITHOUT = "plain without the starter";

	/** Protected, with few live records. */
	static final String FEW = "1,000 records";

	/** Protected, with many live records. */
	static final String MANY = "1,000,000 records";

	private static final List<String> ORDER = List.of(WITHOUT, PLAIN, FLOOR, SHARED, INSIDE, LEAST, PROTECTED, OPTIONAL,
			FEW, MANY);

	static int compare(String name, String other) {
		return Integer.compare(ORDER.indexOf(name), ORDER.indexOf(other));
	}

	/** Measures each once; who begins changes from round to round. */
	static void takeTurns(List<Subject> subjects, int round, Turn turn) throws IOException, InterruptedException {
		for (int i = 0; i < subjects.size(); i++) {
			turn.take(subjects.get((i + round) % subjects.size()));
		}
	}

	/** What is done with each. */
	interface Turn {

		void take(Subject subject) throws IOException, InterruptedException;

	}

}
