package io.idempotency.observation;

import java.util.Locale;

import io.micrometer.common.docs.KeyName;

/**
 * The tags of all meters. None ever holds a key, a path variable or a user, so each has
 * as many values as the application has operations, stores or outcomes.
 */
public enum MeterTag implements KeyName {

	/**
	 * Name of the operation: HTTP method and route pattern, or what the annotation says.
	 */
	OPERATION,

	/**
	 * How it ended: an {@link Outcome} of an operation, a {@link PositionOutcome} of a
	 * stream, or an answer of a store.
	 */
	OUTCOME,

	/** Why a duplicate was refused: {@code in_progress} or {@code payload_mismatch}. */
	REASON,

	/** Name of the store. */
	STORE,

	/**
	 * What the store was asked: claim, renew, complete, release, abandon, read or
	 * advance.
	 */
	COMMAND;

	private final String tag = name().toLowerCase(Locale.ROOT);

	@Override
	public String asString() {
		return this.tag;
	}

}
