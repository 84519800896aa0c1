package io.idempotency.torture;

/**
 * Something that must not happen.
 *
 * @param kind what
 * @param key to whom
 * @param detail for people
 */
record Violation(Kind kind, String key, String detail) {

	/** What must not happen. */
	enum Kind {

		/** A key ran again although its earlier run had not failed or lost its lease. */
		SECOND_RUN,

		/** A key ran again, or its outcome was forgotten, after it was answered. */
		LOST_ANSWER,

		/** The answer of another key. */
		FOREIGN_ANSWER,

		/** An answer of no run, or of one that did not take effect before. */
		INVENTED_ANSWER,

		/** Two different answers of one key. */
		CHANGED_ANSWER,

		/** The same answer twice, and both say that they are the first. */
		UNMARKED_REPLAY,

		/** A status that nobody announced. */
		UNEXPECTED_ANSWER,

		/** An unknown outcome, though no run failed and no node was away. */
		UNFOUNDED_UNKNOWN,

		/** No final answer within the bound. */
		STUCK_KEY,

		/** A node answered nothing for too long after the fault was over. */
		SLOW_RECOVERY;

		/** Whether it is about what a client was told. */
		boolean isWrongAnswer() {
			return switch (this) {
				case FOREIGN_ANSWER, INVENTED_ANSWER, CHANGED_ANSWER, UNMARKED_REPLAY, UNEXPECTED_ANSWER -> true;
				default -> false;
			};
		}

	}
}
