package io.idempotency.store.redis;

import java.time.Duration;
import java.util.Base64;
import java.util.UUID;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.testsupport.RedisProcess;

import static org.assertj.core.api.Assertions.assertThat;

/** All that can happen to a record: every command and every script of the store. */
final class RecordLife {

	static final Duration MINUTE = Duration.ofMinutes(1);

	static final StoredResult RESULT = StoredResult.of(new byte[] { 1, 2, 3 });

	private RecordLife() {
	}

	static void assertWhole(RedisIdempotencyStore store) {
		assertRecord(store);
		assertIsCounted(store);
	}

	/** All but the counters, which are no records. */
	static void assertRecord(RedisIdempotencyStore store) {
		assertCompletes(store);
		assertIsReleased(store);
		assertIsHeld(store);
	}

	static void assertCompletes(RedisIdempotencyStore store) {
		Claim claim = claim();
		assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(store.claim(duplicate(claim))).isEqualTo(new ClaimOutcome.Pending(claim.fingerprint()));
		assertThat(store.renew(claim)).isTrue();
		assertThat(store.release(duplicate(claim))).isFalse();
		assertThat(store.complete(claim, RESULT, MINUTE)).isTrue();
		assertThat(store.claim(duplicate(claim))).isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), RESULT));
	}

	private static void assertIsReleased(RedisIdempotencyStore store) {
		Claim claim = claim();
		assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(store.release(claim)).isTrue();
		assertThat(store.claim(duplicate(claim))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	private static void assertIsHeld(RedisIdempotencyStore store) {
		Claim claim = held(claim());
		assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(store.claim(duplicate(claim))).isEqualTo(new ClaimOutcome.Pending(claim.fingerprint()));
		assertThat(store.abandon(claim)).isTrue();
		assertThat(store.claim(duplicate(claim))).isEqualTo(new ClaimOutcome.Unknown(claim.fingerprint()));
	}

	static void assertIsCounted(RedisIdempotencyStore store) {
		String scope = claim().key().digest();
		assertThat(store.countNewKey(scope, 2, MINUTE).toCompletableFuture().join()).isZero();
		assertThat(store.countNewKey(scope, 2, MINUTE).toCompletableFuture().join()).isPositive();
	}

	/** A full server takes nothing new, and replays what it has. */
	static void assertIsReplayedByAFullServer(RedisIdempotencyStore store, RedisProcess redis) {
		Claim claim = claim();
		store.claim(claim);
		store.complete(claim, RESULT, MINUTE);
		redis.send("CONFIG SET maxmemory 1");
		try {
			assertThat(store.claim(duplicate(claim)))
				.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), RESULT));
		}
		finally {
			redis.send("CONFIG SET maxmemory 0");
		}
	}

	/** A claim of a key that was never used before. */
	static Claim claim() {
		return claim(UUID.randomUUID().toString());
	}

	/** A claim of this caller's key, by a new owner. */
	static Claim claim(String key) {
		Fingerprint unique = new DigestBuilder().text(key).build();
		String digest = Base64.getUrlEncoder().withoutPadding().encodeToString(unique.toBytes());
		return new Claim(new RecordKey("POST /payments/{id}", digest), OwnerToken.next(), unique, MINUTE);
	}

	/** The same call by another owner. */
	static Claim duplicate(Claim claim) {
		return new Claim(claim.key(), OwnerToken.next(), claim.fingerprint(), MINUTE);
	}

	/** The same claim, with a record that outlives its lease. */
	static Claim held(Claim claim) {
		return new Claim(claim.key(), claim.owner(), claim.fingerprint(), MINUTE, MINUTE);
	}

}
