package io.idempotency.store;

import org.springframework.util.Assert;

/**
 * Identity of a stream's mark.
 *
 * @param operation name of the operation, for people who look into the store
 * @param digest digest of operation and stream, 128 bits in URL-safe Base64 without
 * padding: {@value RecordKey#DIGEST_LENGTH} characters whose case matters
 */
public record StreamKey(String operation, String digest) {

	public StreamKey {
		Assert.isTrue(digest.length() == RecordKey.DIGEST_LENGTH, "A stream key needs a digest of 22 characters");
	}

}
