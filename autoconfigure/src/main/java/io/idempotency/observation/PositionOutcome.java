package io.idempotency.observation;

import java.util.Locale;

/** What became of one position of a stream; values of {@link MeterTag#OUTCOME}. */
public enum PositionOutcome {

	/** The method ran, and the mark stands at the position. */
	EXECUTED,

	/** Skipped: it stood at or below the mark. */
	REPLAYED,

	/**
	 * The method ran, and the mark had come from somewhere else meanwhile, but not as far
	 * as the position, to which it was advanced: two consumers have the stream.
	 */
	CONFLICT,

	/**
	 * The method ran, and the mark stood at or above the position by then, where it was
	 * left: another consumer has probably done the position too.
	 */
	REGRESSED,

	/**
	 * The method ran, and the store did not take the mark, which is written before the
	 * stream's next position.
	 */
	UNMARKED,

	/** The method threw; the mark stays. */
	FAILED,

	/** Refused: another position of the stream was being handled. */
	OUT_OF_ORDER,

	/** Refused: the same position was still being handled, also after waiting. */
	IN_PROGRESS,

	/** Refused: the message has no stream or no position. */
	NO_POSITION,

	/** Refused: the store could not be asked. */
	STORE_UNAVAILABLE,

	/**
	 * The method ran, and the transaction with its writes and the mark was not committed,
	 * or nobody knows whether it was.
	 */
	COMMIT_FAILED;

	private final String tag = name().toLowerCase(Locale.ROOT);

	/** The value of the tag. */
	public String tag() {
		return this.tag;
	}

}
