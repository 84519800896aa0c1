package io.idempotency.testsupport;

import java.time.Duration;
import java.util.Base64;
import java.util.UUID;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import io.idempotency.store.Claim;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;

/** Claims of keys that nobody used before. */
public final class Claims {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private Claims() {
	}

	/** For a minute. */
	public static Claim fresh() {
		return fresh(MINUTE);
	}

	public static Claim fresh(Duration lease) {
		Fingerprint unique = new DigestBuilder().text(UUID.randomUUID().toString()).build();
		String digest = Base64.getUrlEncoder().withoutPadding().encodeToString(unique.toBytes());
		return new Claim(new RecordKey("payments", digest), OwnerToken.next(), unique, lease);
	}

	/** Somebody else's claim of the same key. */
	public static Claim again(Claim claim) {
		return new Claim(claim.key(), OwnerToken.next(), claim.fingerprint(), claim.lease());
	}

}
