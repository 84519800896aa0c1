package io.idempotency.observation;

import java.util.Locale;

import io.micrometer.common.KeyValue;

/** How a call ended, the values of the tag {@link MeterTag#OUTCOME} of operations. */
public enum Outcome {

	/** The method ran and its result was handed to the store. */
	EXECUTED,

	/** The caller got the result of an earlier call. */
	REPLAYED,

	/** Refused: the first call was still running, also after waiting. */
	IN_PROGRESS,

	/** Refused: the key belongs to a different request. */
	PAYLOAD_MISMATCH,

	/** Refused: an earlier call ended without a known outcome, and its key is held. */
	OUTCOME_UNKNOWN,

	/** Refused: no key. */
	KEY_MISSING,

	/** Refused: a key that does not follow the grammar. */
	KEY_MALFORMED,

	/** Refused: the request body is too large to be compared. */
	REQUEST_TOO_LARGE,

	/** Refused: the first call took effect, but its result was not kept. */
	RESPONSE_NOT_KEPT,

	/** Refused: the caller brought too many new keys in a short time. */
	TOO_MANY_KEYS,

	/**
	 * The method ran without a claim: an optional key was absent, or the store failed.
	 */
	UNPROTECTED,

	/** The method ran and its answer is not stored; the key is free again, or held. */
	FAILED,

	/** Refused: the store could not be asked. */
	STORE_UNAVAILABLE,

	/**
	 * The method ran, and the transaction with its writes and its result was not
	 * committed, or nobody knows whether it was.
	 */
	COMMIT_FAILED;

	private final String tag = name().toLowerCase(Locale.ROOT);

	@SuppressWarnings("ImmutableEnumChecker") // made by KeyValue.of
	private final KeyValue keyValue = KeyValue.of(MeterTag.OUTCOME, this.tag);

	/** The value of the tag. */
	public String tag() {
		return this.tag;
	}

	KeyValue keyValue() {
		return this.keyValue;
	}

}
