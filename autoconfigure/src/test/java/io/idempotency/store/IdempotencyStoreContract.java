package io.idempotency.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every store has to do, section by section of the Javadoc of
 * {@link IdempotencyStore}. Who writes a store subclasses it. Each test uses keys of its
 * own, so a store may be shared by all of them.
 */
public abstract class IdempotencyStoreContract {

	private static final Duration RETENTION = Duration.ofMinutes(1);

	private static final Duration LONG_LEASE = Duration.ofMinutes(1);

	/** The store that is tested. */
	protected abstract IdempotencyStore store();

	/** Lets this much of the store's time pass. */
	protected abstract void elapse(Duration time);

	/** A lease that the test has the patience to let end. */
	protected Duration shortLease() {
		return Duration.ofMillis(300);
	}

	// --- atomicity

	@Test
	void claimOfAbsentRecordIsAcquired() {
		assertThat(store().claim(claim(key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void concurrentClaimsHaveOneWinner() throws Exception {
		int threads = 8;
		for (int round = 0; round < 50; round++) {
			RecordKey key = key();
			CyclicBarrier start = new CyclicBarrier(threads);
			List<ClaimOutcome> outcomes = inParallel(threads, () -> {
				Claim claim = claim(key, LONG_LEASE);
				start.await();
				return store().claim(claim);
			});
			assertThat(outcomes).filteredOn(ClaimOutcome.Acquired.class::isInstance).hasSize(1);
			assertThat(outcomes).filteredOn(ClaimOutcome.Pending.class::isInstance).hasSize(threads - 1);
		}
	}

	@Test
	void claimIsALockUntilItIsReleased() throws Exception {
		RecordKey key = key();
		int[] unprotected = { 0 };
		int threads = 8;
		int incrementsPerThread = 25;
		inParallel(threads, () -> {
			for (int done = 0; done < incrementsPerThread;) {
				Claim claim = claim(key, LONG_LEASE);
				if (store().claim(claim) instanceof ClaimOutcome.Acquired) {
					int read = unprotected[0];
					Thread.yield();
					unprotected[0] = read + 1;
					assertThat(store().release(claim)).isTrue();
					done++;
				}
			}
			return null;
		});
		assertThat(unprotected[0]).isEqualTo(threads * incrementsPerThread);
	}

	// --- ownership

	@Test
	void rule24ClaimByTheOwnerIsAcquiredAgain() {
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		assertThat(store().claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(store().complete(claim, result("done"), RETENTION)).isTrue();
	}

	@Test
	void claimByTheOwnerDoesNotProlongItsLease() {
		Claim claim = claim(key(), shortLease());
		store().claim(claim);
		elapse(shortLease().multipliedBy(2).dividedBy(3));
		store().claim(claim);
		elapse(shortLease().multipliedBy(2).dividedBy(3));
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void completeAndReleaseAndRenewByAnotherChangeNothing() {
		Claim owner = claim(key(), LONG_LEASE);
		Claim other = claim(owner.key(), LONG_LEASE);
		store().claim(owner);
		assertThat(store().renew(other)).isFalse();
		assertThat(store().complete(other, result("stolen"), RETENTION)).isFalse();
		assertThat(store().release(other)).isFalse();
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Pending(owner.fingerprint()));
		assertThat(store().complete(owner, result("mine"), RETENTION)).isTrue();
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Completed(owner.fingerprint(), result("mine")));
	}

	/** Whatever a completed record keeps of its owner, a pending one is told by all. */
	@ParameterizedTest
	@ValueSource(longs = { 1L << 63, 1L << 32, 1L << 8, 1 })
	void everyBitOfTheOwnersTokenCountsWhileTheRecordIsPending(long difference) {
		Claim owner = claim(key(), LONG_LEASE);
		Claim other = new Claim(owner.key(), new OwnerToken(owner.owner().value() ^ difference), owner.fingerprint(),
				LONG_LEASE);
		store().claim(owner);
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Pending(owner.fingerprint()));
		assertThat(store().renew(other)).isFalse();
		assertThat(store().release(other)).isFalse();
		assertThat(store().complete(other, result("stolen"), RETENTION)).isFalse();
		assertThat(store().complete(owner, result("mine"), RETENTION)).isTrue();
	}

	@Test
	void completeTwiceByTheOwnerIsTrue() {
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		assertThat(store().complete(claim, result("done"), RETENTION)).isTrue();
		assertThat(store().complete(claim, result("done"), RETENTION)).isTrue();
		assertThat(store().claim(claim(claim.key(), LONG_LEASE)))
			.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), result("done")));
	}

	@Test
	void completedRecordIsNobodysToRenewOrRelease() {
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		store().complete(claim, result("done"), RETENTION);
		assertThat(store().renew(claim)).isFalse();
		assertThat(store().release(claim)).isFalse();
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Completed.class);
	}

	@Test
	void completedRecordIsNotOverwritten() {
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		store().complete(claim, result("first"), RETENTION);
		assertThat(store().complete(claim(claim.key(), LONG_LEASE), result("second"), RETENTION)).isFalse();
		assertThat(store().claim(claim(claim.key(), LONG_LEASE)))
			.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), result("first")));
	}

	@Test
	void releasedRecordIsAbsent() {
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		assertThat(store().release(claim)).isTrue();
		assertThat(store().release(claim)).isFalse();
		assertThat(store().renew(claim)).isFalse();
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	// --- takeover

	@Test
	void claimAfterLeaseExpiryTakesOver() {
		Claim former = claim(key(), shortLease());
		store().claim(former);
		elapse(shortLease().multipliedBy(2));
		assertThat(store().claim(claim(former.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void rule21FormerOwnerChangesNothingAfterTakeover() {
		Claim former = claim(key(), shortLease());
		store().claim(former);
		elapse(shortLease().multipliedBy(2));
		Claim next = claim(former.key(), LONG_LEASE);
		store().claim(next);
		assertThat(store().renew(former)).isFalse();
		assertThat(store().complete(former, result("stale"), RETENTION)).isFalse();
		assertThat(store().release(former)).isFalse();
		assertThat(store().claim(former)).isEqualTo(new ClaimOutcome.Pending(next.fingerprint()));
		assertThat(store().complete(next, result("fresh"), RETENTION)).isTrue();
		assertThat(store().complete(former, result("stale"), RETENTION)).isFalse();
		assertThat(store().claim(former)).isEqualTo(new ClaimOutcome.Completed(next.fingerprint(), result("fresh")));
	}

	@Test
	void formerOwnerThatNobodyReplacedMayComplete() {
		Claim claim = claim(key(), shortLease());
		store().claim(claim);
		elapse(shortLease().multipliedBy(2));
		assertThat(store().complete(claim, result("late"), RETENTION)).isTrue();
		assertThat(store().claim(claim(claim.key(), LONG_LEASE)))
			.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), result("late")));
	}

	@Test
	void formerOwnerThatNobodyReplacedMayNotRenew() {
		Claim claim = claim(key(), shortLease());
		store().claim(claim);
		elapse(shortLease().multipliedBy(2));
		assertThat(store().renew(claim)).isFalse();
		assertThat(store().release(claim)).isFalse();
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	// --- hold

	@Test
	void heldRecordIsPendingWhileItsLeaseLastsAndUnknownAfterwards() {
		Claim owner = held(shortLease());
		Claim other = claim(owner.key(), LONG_LEASE);
		store().claim(owner);
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Pending(owner.fingerprint()));
		elapse(shortLease().multipliedBy(2));
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Unknown(owner.fingerprint()));
		assertThat(store().claim(held(owner.key(), LONG_LEASE, LONG_LEASE)))
			.isEqualTo(new ClaimOutcome.Unknown(owner.fingerprint()));
		assertThat(store().complete(other, result("stolen"), RETENTION)).isFalse();
		assertThat(store().renew(other)).isFalse();
		assertThat(store().release(other)).isFalse();
		assertThat(store().abandon(other)).isFalse();
		assertThat(store().claim(other)).isInstanceOf(ClaimOutcome.Unknown.class);
	}

	@Test
	void ownerOfAHeldRecordMayComeBackAfterItsLease() {
		Claim owner = held(shortLease());
		Claim other = claim(owner.key(), LONG_LEASE);
		store().claim(owner);
		elapse(shortLease().multipliedBy(2));
		assertThat(store().claim(owner)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(store().claim(other)).isInstanceOf(ClaimOutcome.Unknown.class);
		assertThat(store().renew(owner)).isTrue();
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Pending(owner.fingerprint()));
		elapse(shortLease().multipliedBy(2));
		assertThat(store().claim(other)).isInstanceOf(ClaimOutcome.Unknown.class);
		assertThat(store().complete(owner, result("late"), RETENTION)).isTrue();
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Completed(owner.fingerprint(), result("late")));
	}

	@Test
	void heldRecordMayBeReleasedByItsOwner() {
		Claim owner = held(shortLease());
		store().claim(owner);
		elapse(shortLease().multipliedBy(2));
		assertThat(store().release(owner)).isTrue();
		assertThat(store().claim(claim(owner.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void abandonedRecordIsUnknownAtOnceAndOnlyCompletedFromThenOn() {
		Claim owner = held(LONG_LEASE);
		Claim other = claim(owner.key(), LONG_LEASE);
		store().claim(owner);
		assertThat(store().abandon(other)).isFalse();
		assertThat(store().abandon(held(owner.key(), LONG_LEASE, LONG_LEASE))).isFalse();
		assertThat(store().claim(other)).isInstanceOf(ClaimOutcome.Pending.class);
		assertThat(store().abandon(owner)).isTrue();
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Unknown(owner.fingerprint()));
		assertThat(store().claim(owner)).isEqualTo(new ClaimOutcome.Unknown(owner.fingerprint()));
		assertThat(store().renew(owner)).isFalse();
		assertThat(store().release(owner)).isFalse();
		assertThat(store().abandon(owner)).isFalse();
		assertThat(store().claim(other)).isInstanceOf(ClaimOutcome.Unknown.class);
		assertThat(store().complete(other, result("stolen"), RETENTION)).isFalse();
		assertThat(store().complete(owner, result("found out"), RETENTION)).isTrue();
		assertThat(store().claim(other))
			.isEqualTo(new ClaimOutcome.Completed(owner.fingerprint(), result("found out")));
	}

	@Test
	void abandonedRecordWithoutAHoldIsAbsent() {
		Claim owner = claim(key(), LONG_LEASE);
		store().claim(owner);
		assertThat(store().abandon(claim(owner.key(), LONG_LEASE))).isFalse();
		assertThat(store().abandon(owner)).isTrue();
		assertThat(store().claim(claim(owner.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void completedRecordIsNobodysToAbandon() {
		Claim owner = held(LONG_LEASE);
		store().claim(owner);
		store().complete(owner, result("done"), shortLease().multipliedBy(10));
		assertThat(store().abandon(owner)).isFalse();
		// its retention is shorter than its hold was
		assertThat(store().claim(claim(owner.key(), LONG_LEASE)))
			.isEqualTo(new ClaimOutcome.Completed(owner.fingerprint(), result("done")));
	}

	@Test
	void holdBeginsWhenTheLeaseEndsAndThenEnds() {
		Claim owner = held(key(), shortLease(), shortLease());
		Claim other = claim(owner.key(), LONG_LEASE);
		store().claim(owner);
		elapse(shortLease().multipliedBy(3).dividedBy(2));
		assertThat(store().claim(other)).isInstanceOf(ClaimOutcome.Unknown.class);
		elapse(shortLease());
		assertThat(store().claim(other)).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void holdOfAnAbandonedRecordBeginsThenAndEnds() {
		Claim owner = held(key(), LONG_LEASE, shortLease());
		store().claim(owner);
		store().abandon(owner);
		assertThat(store().claim(claim(owner.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Unknown.class);
		elapse(shortLease().multipliedBy(2));
		assertThat(store().claim(claim(owner.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	// --- expiry

	@Test
	void renewedClaimOutlivesItsFirstLease() {
		Claim claim = Stream.generate(() -> claim(key(), shortLease()))
			.limit(10)
			.filter(this::staysRenewed)
			.findFirst()
			.orElseThrow();
		elapse(shortLease().multipliedBy(2));
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	/**
	 * Holds a claim for more than its lease.
	 * @return {@code false} if this machine stood still for so long that it was lost
	 */
	private boolean staysRenewed(Claim claim) {
		long renewed = System.nanoTime();
		store().claim(claim);
		for (int i = 0; i < 4; i++) {
			elapse(shortLease().dividedBy(2));
			long now = System.nanoTime();
			boolean held = store().renew(claim);
			if (System.nanoTime() - renewed > shortLease().toNanos()) {
				return false;
			}
			assertThat(held).isTrue();
			renewed = now;
		}
		ClaimOutcome outcome = store().claim(claim(claim.key(), LONG_LEASE));
		if (System.nanoTime() - renewed > shortLease().toNanos()) {
			return false;
		}
		assertThat(outcome).isInstanceOf(ClaimOutcome.Pending.class);
		return true;
	}

	@Test
	void resultIsKeptForItsRetentionAndNotForTheLease() {
		Claim claim = claim(key(), shortLease());
		store().claim(claim);
		store().complete(claim, result("done"), RETENTION);
		elapse(shortLease().multipliedBy(2));
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Completed.class);
	}

	@Test
	void resultIsAbsentAfterItsRetention() {
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		store().complete(claim, result("done"), shortLease());
		elapse(shortLease().multipliedBy(2));
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void lookingAtAResultDoesNotProlongIt() {
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		store().complete(claim, result("done"), shortLease());
		elapse(shortLease().multipliedBy(2).dividedBy(3));
		store().claim(claim(claim.key(), LONG_LEASE));
		store().release(claim(claim.key(), LONG_LEASE));
		store().renew(claim(claim.key(), LONG_LEASE));
		elapse(shortLease().multipliedBy(2).dividedBy(3));
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void retentionStartsAtCompletion() {
		Duration retention = shortLease().multipliedBy(2);
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		elapse(retention.multipliedBy(3).dividedBy(4));
		store().complete(claim, result("done"), retention);
		elapse(retention.dividedBy(2));
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Completed.class);
	}

	// --- fingerprint

	@Test
	void rule7FingerprintOfTheOwnerComesBack() {
		Claim owner = claim(key(), LONG_LEASE);
		Claim other = claim(owner.key(), LONG_LEASE);
		store().claim(owner);
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Pending(owner.fingerprint()));
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Pending(owner.fingerprint()));
		store().complete(owner, result("done"), RETENTION);
		assertThat(store().claim(other)).isEqualTo(new ClaimOutcome.Completed(owner.fingerprint(), result("done")));
	}

	// --- bytes

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 30, 255, 65_535, 65_536, 1_048_576 })
	void rule11PayloadComesBackBitByBit(int length) {
		byte[] payload = new byte[length];
		new Random(length).nextBytes(payload);
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		store().complete(claim, StoredResult.of(payload.clone()), RETENTION);
		assertThat(store().claim(claim(claim.key(), LONG_LEASE)))
			.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), StoredResult.of(payload)));
	}

	@Test
	void rule15ResultThatWasNotKeptComesBackAsThat() {
		Claim claim = claim(key(), LONG_LEASE);
		store().claim(claim);
		assertThat(store().complete(claim, StoredResult.notKept(), RETENTION)).isTrue();
		assertThat(store().claim(claim(claim.key(), LONG_LEASE)))
			.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), StoredResult.notKept()));
	}

	@Test
	void keysDifferByCase() {
		String digest = key().digest();
		String lower = digest.substring(0, 21) + "a";
		String upper = digest.substring(0, 21) + "A";
		store().claim(claim(new RecordKey("GET /things", lower), LONG_LEASE));
		assertThat(store().claim(claim(new RecordKey("GET /things", upper), LONG_LEASE)))
			.isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST /payments/{id}", "com.example.Service.run(java.lang.String)", "ä{ü} \n \"'", "x" })
	void operationsMayBeAnyText(String operation) {
		Claim claim = claim(new RecordKey(operation, key().digest()), LONG_LEASE);
		assertThat(store().claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(store().complete(claim, result("done"), RETENTION)).isTrue();
		assertThat(store().claim(claim(claim.key(), LONG_LEASE))).isInstanceOf(ClaimOutcome.Completed.class);
	}

	/** A claim of a new owner, for a call unlike any other. */
	protected static Claim claim(RecordKey key, Duration lease) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return new Claim(key, OwnerToken.next(), new Fingerprint(random.nextLong(), random.nextLong()), lease);
	}

	private static Claim held(Duration lease) {
		return held(key(), lease, LONG_LEASE);
	}

	/** A claim whose record outlives its lease. */
	protected static Claim held(RecordKey key, Duration lease, Duration hold) {
		Claim claim = claim(key, lease);
		return new Claim(key, claim.owner(), claim.fingerprint(), lease, hold);
	}

	/** A key that was never used before. */
	protected static RecordKey key() {
		Fingerprint unique = new DigestBuilder().number(ThreadLocalRandom.current().nextLong())
			.number(System.nanoTime())
			.build();
		String digest = Base64.getUrlEncoder().withoutPadding().encodeToString(unique.toBytes());
		return new RecordKey("POST /payments", digest);
	}

	protected static StoredResult result(String text) {
		return StoredResult.of(text.getBytes(StandardCharsets.UTF_8));
	}

	private static <T> List<T> inParallel(int threads, Callable<T> work) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<T>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				futures.add(executor.submit(work));
			}
			List<T> results = new ArrayList<>();
			for (Future<T> future : futures) {
				results.add(future.get(30, TimeUnit.SECONDS));
			}
			return results;
		}
		finally {
			executor.shutdownNow();
		}
	}

}
