package io.idempotency.benchmarks.growth;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.web.SampleResponse;

/**
 * Calls by their numbers: the same number is the same key, and so a duplicate.
 */
final class Calls {

	static final Duration TTL = Duration.ofDays(1);

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	private static final Duration LEASE = Duration.ofSeconds(30);

	private static final byte[] PAYLOAD = SampleResponse.stored(105).payload();

	private Calls() {
	}

	/** A new caller's claim of a key. */
	static Claim claim(long number) {
		byte[] digest = ByteBuffer.allocate(Fingerprint.LENGTH).putLong(mixed(number)).putLong(mixed(~number)).array();
		return new Claim(new RecordKey("POST /payments", ENCODER.encodeToString(digest)), OwnerToken.next(),
				new Fingerprint(number, 1), LEASE);
	}

	/** Spreads like a digest, and no two numbers become one. */
	private static long mixed(long number) {
		long z = number * 0x9E3779B97F4A7C15L;
		z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
		return z ^ (z >>> 31);
	}

	/** The bytes of an answer with a body of 105 bytes, for one record alone. */
	static StoredResult result() {
		return StoredResult.of(PAYLOAD.clone());
	}

	static int resultSize() {
		return PAYLOAD.length;
	}

}
