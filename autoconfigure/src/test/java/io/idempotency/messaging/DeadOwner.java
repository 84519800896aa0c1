package io.idempotency.messaging;

import java.time.Duration;
import java.util.Base64;

import io.idempotency.DigestBuilder;
import io.idempotency.aop.ValueCodec;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;

import static org.assertj.core.api.Assertions.assertThat;

/** Another process that has claimed a message and died at once. */
public final class DeadOwner {

	private DeadOwner() {
	}

	/**
	 * Claims a message that its sender gave a key.
	 * @param operation its name
	 * @param key in the header
	 * @param payload as the container gets it
	 * @param lease which nobody renews
	 */
	public static void claim(IdempotencyStore store, String operation, String key, Object payload, Duration lease) {
		byte[] identity = new DigestBuilder().text(operation)
			.text("")
			.text(KeyParts.join("header", key))
			.build()
			.toBytes();
		Claim claim = new Claim(
				new RecordKey(operation, Base64.getUrlEncoder().withoutPadding().encodeToString(identity)),
				OwnerToken.next(), new ValueCodec().fingerprint(payload), lease, Duration.ZERO);
		assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
	}

}
