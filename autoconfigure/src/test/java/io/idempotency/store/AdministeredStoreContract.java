package io.idempotency.store;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

import io.idempotency.StoredResult;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The contract, and that of {@link RecordAdministration}, for stores with operators. */
public abstract class AdministeredStoreContract extends FencingStoreContract {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration HOUR = Duration.ofHours(1);

	private static final Set<RecordState> ENDED = EnumSet.complementOf(EnumSet.of(RecordState.IN_PROGRESS));

	private RecordAdministration records() {
		return (RecordAdministration) store();
	}

	@Test
	void absentRecordCannotBeSeenOrRemoved() {
		assertThat(records().look(key())).isEmpty();
		assertThat(records().remove(key(), ENDED)).isEmpty();
	}

	@Test
	void runningCallIsSeenAndNotRemoved() {
		Claim claim = claim(key(), MINUTE);
		store().claim(claim);
		RecordView view = records().look(claim.key()).orElseThrow();
		assertThat(view.state()).isEqualTo(RecordState.IN_PROGRESS);
		assertThat(view.lease()).isPositive().isLessThanOrEqualTo(MINUTE);
		assertThat(view.remaining()).isPositive().isLessThanOrEqualTo(MINUTE);
		assertThat(view.age()).isNotNull().isLessThan(MINUTE);
		assertThat(view.size()).isZero();
		assertThat(view.fingerprint()).isEqualTo(claim.fingerprint());
		assertThat(records().remove(claim.key(), ENDED).orElseThrow().state()).isEqualTo(RecordState.IN_PROGRESS);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> records().remove(claim.key(), EnumSet.of(RecordState.IN_PROGRESS)));
		assertThat(store().renew(claim)).isTrue();
	}

	@Test
	void runningCallThatWouldBeHeldIsInProgressUntilItsLeaseEnds() {
		Claim claim = held(key(), shortLease(), HOUR);
		store().claim(claim);
		assertThat(stateOf(claim)).isEqualTo(RecordState.IN_PROGRESS);
		assertThat(records().look(claim.key()).orElseThrow().lease()).isLessThanOrEqualTo(shortLease());
		elapse(shortLease().multipliedBy(2));
		RecordView view = records().look(claim.key()).orElseThrow();
		assertThat(view.state()).isEqualTo(RecordState.UNKNOWN);
		assertThat(view.lease()).isZero();
		assertThat(view.remaining()).isBetween(HOUR.minus(MINUTE), HOUR);
	}

	@Test
	void unknownOutcomeThatIsRemovedLetsTheNextCallRun() {
		Claim lapsed = held(key(), shortLease(), HOUR);
		Claim abandoned = held(key(), MINUTE, HOUR);
		store().claim(lapsed);
		store().claim(abandoned);
		store().abandon(abandoned);
		elapse(shortLease().multipliedBy(2));
		for (Claim claim : new Claim[] { lapsed, abandoned }) {
			assertThat(records().remove(claim.key(), EnumSet.of(RecordState.COMPLETED)).orElseThrow().state())
				.isEqualTo(RecordState.UNKNOWN);
			assertThat(store().claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Unknown.class);
			assertThat(records().remove(claim.key(), EnumSet.of(RecordState.UNKNOWN)).orElseThrow().state())
				.isEqualTo(RecordState.UNKNOWN);
			assertThat(store().claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Acquired.class);
		}
	}

	@Test
	void ownerThatCameBackKeepsItsRecord() {
		Claim claim = held(key(), shortLease(), HOUR);
		store().claim(claim);
		elapse(shortLease().multipliedBy(2));
		assertThat(stateOf(claim)).isEqualTo(RecordState.UNKNOWN);
		assertThat(store().renew(claim)).isTrue();
		assertThat(records().remove(claim.key(), EnumSet.of(RecordState.UNKNOWN)).orElseThrow().state())
			.isEqualTo(RecordState.IN_PROGRESS);
		assertThat(store().complete(claim, result("done"), MINUTE)).isTrue();
	}

	@Test
	void completedRecordIsSeenWithItsSizeAndForgotten() {
		Claim claim = claim(key(), MINUTE);
		store().claim(claim);
		store().complete(claim, StoredResult.of(new byte[105]), HOUR);
		RecordView view = records().look(claim.key()).orElseThrow();
		assertThat(view.state()).isEqualTo(RecordState.COMPLETED);
		assertThat(view.size()).isEqualTo(105);
		assertThat(view.lease()).isZero();
		assertThat(view.remaining()).isBetween(HOUR.minus(MINUTE), HOUR);
		if (view.age() != null) {
			assertThat(view.age()).isLessThan(MINUTE);
		}
		assertThat(records().remove(claim.key(), EnumSet.of(RecordState.UNKNOWN)).orElseThrow().state())
			.isEqualTo(RecordState.COMPLETED);
		assertThat(store().claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Completed.class);
		assertThat(records().remove(claim.key(), ENDED)).isPresent();
		assertThat(store().claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void resultThatIsNotKeptIsSeenAsThat() {
		Claim claim = claim(key(), MINUTE);
		store().claim(claim);
		store().complete(claim, StoredResult.notKept(), HOUR);
		assertThat(stateOf(claim)).isEqualTo(RecordState.NOT_KEPT);
		assertThat(records().remove(claim.key(), ENDED)).isPresent();
		assertThat(records().look(claim.key())).isEmpty();
	}

	@Test
	void recordWhoseTimeIsOverCannotBeSeen() {
		Claim claim = claim(key(), shortLease());
		store().claim(claim);
		elapse(shortLease().multipliedBy(2));
		assertThat(records().look(claim.key())).isEqualTo(Optional.empty());
	}

	@Test
	void lookingChangesNothing() {
		Claim claim = claim(key(), shortLease());
		store().claim(claim);
		elapse(shortLease().multipliedBy(2).dividedBy(3));
		records().look(claim.key());
		elapse(shortLease().multipliedBy(2).dividedBy(3));
		assertThat(store().claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	private RecordState stateOf(Claim claim) {
		return records().look(claim.key()).orElseThrow().state();
	}

}
