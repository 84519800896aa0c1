package io.idempotency.store;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract, and that of {@link FencingNumberSource}, for stores with numbers. */
public abstract class FencingStoreContract extends IdempotencyStoreContract {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private FencingNumberSource numbers() {
		return (FencingNumberSource) store();
	}

	@Test
	void everyLaterOwnerHasALargerNumber() {
		RecordKey key = key();
		long last = 0;
		for (int i = 0; i < 20; i++) {
			Claim claim = claim(key, MINUTE);
			store().claim(claim);
			long number = numbers().fencingNumber(claim).orElseThrow();
			assertThat(number).isGreaterThan(last);
			last = number;
			assertThat(store().release(claim)).isTrue();
		}
	}

	@Test
	void ownerWhoseLeaseEndedHasNoNumberAndTheNextOneALargerOne() {
		Claim first = claim(key(), shortLease());
		store().claim(first);
		long number = numbers().fencingNumber(first).orElseThrow();
		elapse(shortLease().multipliedBy(2));
		assertThat(numbers().fencingNumber(first)).isEmpty();
		Claim second = claim(first.key(), MINUTE);
		store().claim(second);
		assertThat(numbers().fencingNumber(first)).isEmpty();
		assertThat(numbers().fencingNumber(second).orElseThrow()).isGreaterThan(number);
	}

	@Test
	void heldClaimHasANumberAsWell() {
		Claim claim = held(key(), MINUTE, MINUTE);
		store().claim(claim);
		assertThat(numbers().fencingNumber(claim).orElseThrow()).isPositive();
	}

	@Test
	void nobodyButTheOwnerOfAPendingRecordHasANumber() {
		Claim claim = claim(key(), MINUTE);
		assertThat(numbers().fencingNumber(claim)).isEmpty();
		store().claim(claim);
		assertThat(numbers().fencingNumber(claim(claim.key(), MINUTE))).isEmpty();
		store().complete(claim, result("done"), MINUTE);
		assertThat(numbers().fencingNumber(claim)).isEmpty();
	}

	@Test
	void askingForANumberChangesNothing() {
		Claim claim = claim(key(), shortLease());
		store().claim(claim);
		elapse(shortLease().multipliedBy(2).dividedBy(3));
		numbers().fencingNumber(claim);
		elapse(shortLease().multipliedBy(2).dividedBy(3));
		assertThat(store().claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

}
