package io.idempotency.store;

/** What has become of a record, for people. */
public enum RecordState {

	/** Its owner runs the method. */
	IN_PROGRESS,

	/** The method ran, and its result is kept. */
	COMPLETED,

	/** The method ran, and its result is not kept. */
	NOT_KEPT,

	/** Its owner ended, and nobody knows whether the method took effect. */
	UNKNOWN

}
