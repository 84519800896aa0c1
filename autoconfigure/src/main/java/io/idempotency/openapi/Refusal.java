package io.idempotency.openapi;

/** The refusals of an idempotent handler, as a caller is told of them. */
enum Refusal {

	KEY_MISSING(400, "key-missing", false, "the request has no key"),

	KEY_MALFORMED(400, "key-malformed", false, "the key does not have the form that is asked for"),

	IN_PROGRESS(409, "in-progress", true, "the first request with this key is still running"),

	OUTCOME_UNKNOWN(409, "outcome-unknown", false,
			"an earlier request with this key ended, and it is not known how; it is not run again"),

	RESPONSE_NOT_KEPT(409, "response-not-kept", false,
			"the first request with this key took effect, but its answer could not be kept"),

	REQUEST_TOO_LARGE(413, "request-too-large", false, "the body is larger than this operation accepts"),

	PAYLOAD_MISMATCH(422, "payload-mismatch", false, "the key was used before for a different request"),

	TOO_MANY_KEYS(429, "too-many-keys", true, "the caller has used too many new keys in a short time"),

	COMMIT_FAILED(503, "commit-failed", true,
			"nothing was committed, or it is not known whether; the same request finds out"),

	STORE_UNAVAILABLE(503, "store-unavailable", true, "the records of keys cannot be read now");

	private final int status;

	private final String word;

	private final boolean retryable;

	private final String reason;

	Refusal(int status, String word, boolean retryable, String reason) {
		this.status = status;
		this.word = word;
		this.retryable = retryable;
		this.reason = reason;
	}

	String status() {
		return Integer.toString(this.status);
	}

	/** The last part of the problem's type. */
	String word() {
		return this.word;
	}

	/** Whether the same request may be sent again, after a while. */
	boolean isRetryable() {
		return this.retryable;
	}

	String reason() {
		return this.reason + (this.retryable ? ". It may be sent again after `Retry-After` seconds." : ".");
	}

}
