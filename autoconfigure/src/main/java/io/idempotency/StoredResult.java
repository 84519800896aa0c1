package io.idempotency;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The outcome of a completed call, as bytes that only its door can read, or the bare fact
 * that the call is done where its result could not be kept.
 */
public final class StoredResult {

	private static final StoredResult NOT_KEPT = new StoredResult(false, new byte[0]);

	private final boolean kept;

	private final byte[] payload;

	private StoredResult(boolean kept, byte[] payload) {
		this.kept = kept;
		this.payload = payload;
	}

	/**
	 * A result to be replayed.
	 * @param payload handed over: the caller does not change it any more
	 */
	public static StoredResult of(byte[] payload) {
		return new StoredResult(true, payload);
	}

	/** The method took effect, but there is nothing to replay. */
	public static StoredResult notKept() {
		return NOT_KEPT;
	}

	/** Whether there is a payload to replay. */
	public boolean isKept() {
		return this.kept;
	}

	/**
	 * The bytes to replay, not a copy.
	 * @throws IllegalStateException if the result was not kept
	 */
	public byte[] payload() {
		Assert.state(this.kept, "This result was not kept");
		return this.payload;
	}

	/** Number of bytes of the payload, 0 if the result was not kept. */
	public int size() {
		return this.payload.length;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof StoredResult that && this.kept == that.kept
				&& Arrays.equals(this.payload, that.payload);
	}

	@Override
	public int hashCode() {
		return 31 * Boolean.hashCode(this.kept) + Arrays.hashCode(this.payload);
	}

	/** Does not print the payload. */
	@Override
	public String toString() {
		return "StoredResult[" + (this.kept ? this.payload.length + " bytes" : "not kept") + "]";
	}

}
