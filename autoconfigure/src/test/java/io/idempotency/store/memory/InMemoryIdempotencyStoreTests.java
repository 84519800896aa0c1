package io.idempotency.store.memory;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Set;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.AdministeredStoreContract;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.testsupport.MutableTicker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The in-memory store: the contract, and its bound. */
class InMemoryIdempotencyStoreTests extends AdministeredStoreContract {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final MutableTicker ticker = new MutableTicker();

	private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(8 * 1024 * 1024, this.ticker);

	@Override
	protected IdempotencyStore store() {
		return this.store;
	}

	@Override
	protected void elapse(Duration time) {
		this.ticker.advance(time);
	}

	@Test
	void fullStoreRefusesClaimsAndKeepsWhatItHas() {
		InMemoryIdempotencyStore small = new InMemoryIdempotencyStore(10_000, this.ticker);
		Claim first = claim(key(), MINUTE);
		small.claim(first);
		small.complete(first, StoredResult.of(new byte[8000]), MINUTE);
		assertThatExceptionOfType(IdempotencyStoreException.class)
			.isThrownBy(() -> small.complete(claim(key(), MINUTE), StoredResult.of(new byte[8000]), MINUTE));
		assertThat(small.claim(claim(first.key(), MINUTE))).isInstanceOf(ClaimOutcome.Completed.class);
		this.ticker.advance(MINUTE.plusMillis(1));
		assertThat(small.claim(claim(key(), MINUTE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void newKeysOfAScopeAreCountedInWindows() {
		for (int window = 0; window < 2; window++) {
			assertThat(count("scope-a")).isZero();
			this.ticker.advance(Duration.ofSeconds(20));
			assertThat(count("scope-a")).isEqualTo(Duration.ofSeconds(40));
			assertThat(count("scope-a")).isEqualTo(Duration.ofSeconds(40));
			assertThat(count("scope-b")).isZero();
			this.ticker.advance(MINUTE);
		}
	}

	private Duration count(String scope) {
		return this.store.countNewKey(scope, 2, MINUTE).toCompletableFuture().join();
	}

	@Test
	void sizeReturnsToZeroWhenAllRecordsAreGone() {
		for (int i = 0; i < 100; i++) {
			Claim claim = claim(key(), MINUTE);
			this.store.claim(claim);
			this.store.renew(claim);
			this.store.claim(claim(claim.key(), MINUTE));
			if (i % 2 == 0) {
				this.store.release(claim);
			}
			else {
				this.store.complete(claim, StoredResult.of(new byte[i]), MINUTE);
				this.store.complete(claim, StoredResult.of(new byte[i]), MINUTE);
				this.store.complete(claim(claim.key(), MINUTE), StoredResult.of(new byte[i]), MINUTE);
			}
		}
		assertThat(this.store.sizeInBytes()).isPositive();
		this.ticker.advance(MINUTE.multipliedBy(2));
		this.store.cleanUp();
		assertThat(this.store.sizeInBytes()).isZero();
	}

	/** Each has expired when the next one comes. */
	@Test
	void expiredRecordsLeaveAlongWithNewOnes() {
		long total = 0;
		int records = 10_000;
		for (int i = 0; i < records; i++) {
			Claim claim = claim(RecordKey.of("POST /payments", "", "key-" + i), MINUTE);
			this.store.claim(claim);
			this.store.complete(claim, StoredResult.of(new byte[0]), MINUTE);
			this.ticker.advance(MINUTE.multipliedBy(2));
			total += this.store.sizeInBytes();
		}
		assertThat(total / records).isLessThan(200 * MemoryRecord.OVERHEAD);
	}

	/** Its size alone is not enough: a result may be large. */
	@Test
	void resultOfARemovedRecordLeavesTheHeap() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		WeakReference<StoredResult> result = completed(claim);
		assertThat(this.store.remove(claim.key(), Set.of(RecordState.COMPLETED))).isPresent();
		await().untilAsserted(() -> {
			System.gc();
			assertThat(result.get()).isNull();
		});
	}

	private WeakReference<StoredResult> completed(Claim claim) {
		StoredResult result = StoredResult.of(new byte[1000]);
		this.store.complete(claim, result, MINUTE);
		return new WeakReference<>(result);
	}

	@Test
	void completionThatComesAfterTheLeaseTakesAsMuchAsAnother() {
		Claim inTime = claim(key(), MINUTE);
		this.store.claim(inTime);
		this.store.complete(inTime, StoredResult.of(new byte[100]), MINUTE.multipliedBy(9));
		long usual = this.store.sizeInBytes();
		Claim late = claim(key(), MINUTE);
		this.store.claim(late);
		this.ticker.advance(MINUTE.multipliedBy(2));
		assertThat(this.store.complete(late, StoredResult.of(new byte[100]), MINUTE)).isTrue();
		this.store.cleanUp();
		assertThat(this.store.sizeInBytes()).isEqualTo(2 * usual);
	}

}
