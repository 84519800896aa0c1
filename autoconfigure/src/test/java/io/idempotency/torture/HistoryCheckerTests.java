package io.idempotency.torture;

import java.time.Duration;
import java.util.List;

import io.idempotency.store.FaultyStore;
import io.idempotency.store.FaultyStore.Fault;
import io.idempotency.testsupport.MutableTicker;
import io.idempotency.torture.Violation.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The checker is itself tested: histories by hand, each with one thing wrong or with a
 * good reason, and stores that are broken.
 */
class HistoryCheckerTests {

	private final History history = new History();

	@Test
	void oneRunAndItsReplaysAreRight() {
		this.history.run("1", "a", 10, 20);
		this.history.answer("a", 0, 30, 409, "in-progress");
		this.history.answer("b", 0, 21, "1", false);
		this.history.answer("b", 40, 50, "1", true);
		this.history.answer("b", 60, 70, Exchange.NONE, "timeout");
		this.history.answer("b", 60, 70, 503, "store-unavailable");
		assertThat(this.history.violations()).isEmpty();
	}

	@Test
	void runBesideAnotherIsASecondRun() {
		this.history.run("1", "a", 10, 100);
		this.history.run("2", "b", 50, 100);
		this.history.answer("a", 0, 110, "1", false);
		assertThat(this.history.violations()).containsExactly(Kind.SECOND_RUN);
		assertThat(this.history.verdict().runAgain()).isEqualTo(1);
	}

	@Test
	void runAfterOneThatWasNeverAnsweredIsASecondRun() {
		this.history.run("1", "a", 10, 20);
		this.history.run("2", "a", 9000, 9010);
		this.history.answer("a", 8990, 9020, "2", false);
		assertThat(this.history.violations()).containsExactly(Kind.SECOND_RUN);
	}

	@Test
	void runAfterAnAnswerIsALostAnswer() {
		this.history.run("1", "a", 10, 20);
		this.history.answer("a", 0, 30, "1", false);
		this.history.run("2", "b", 31, 40);
		assertThat(this.history.violations()).containsExactly(Kind.LOST_ANSWER);
	}

	@Test
	void secondAnswerOfTheSameKeyIsAChangedOne() {
		this.history.run("1", "a", 10, 20);
		this.history.run("2", "b", 15, 25);
		this.history.answer("a", 0, 30, "1", false);
		this.history.answer("b", 0, 30, "2", false);
		assertThat(this.history.violations()).containsExactlyInAnyOrder(Kind.SECOND_RUN, Kind.CHANGED_ANSWER);
	}

	@Test
	void runAfterAFailureIsRight() {
		this.history.failedRun("1", "a", 10, 20);
		this.history.run("2", "b", 25, 30);
		this.history.answer("a", 0, 22, 502, "");
		this.history.answer("b", 23, 40, "2", false);
		assertThat(this.history.violations()).isEmpty();
	}

	@Test
	void runBeforeAFailureIsASecondRun() {
		this.history.failedRun("1", "a", 10, 20);
		this.history.run("2", "b", 15, 30);
		this.history.answer("b", 13, 40, "2", false);
		assertThat(this.history.violations()).containsExactly(Kind.SECOND_RUN);
	}

	@Test
	void runAfterTheLeaseOfAKilledOwnerIsATakeover() {
		this.history.run("1", "a", 1000, Run.NEVER);
		this.history.killed("a", 1500);
		this.history.run("2", "b", 5100, 5200);
		this.history.answer("b", 5000, 5300, "2", false);
		assertThat(this.history.violations()).isEmpty();
		assertThat(this.history.verdict().takenOver()).isEqualTo(1);
		assertThat(this.history.verdict().takenOverAfterEffect()).isZero();
	}

	@Test
	void effectJustBeforeTheDeathOfItsOwnerIsCounted() {
		this.history.run("1", "a", 1000, 1490);
		this.history.killed("a", 1500);
		this.history.run("2", "b", 5100, 5200);
		this.history.answer("b", 5000, 5300, "2", false);
		assertThat(this.history.violations()).isEmpty();
		assertThat(this.history.verdict().takenOverAfterEffect()).isEqualTo(1);
		assertThat(this.history.verdict().runAgain()).isZero();
	}

	@Test
	void takeoverBeforeTheLeaseEndedIsASecondRun() {
		this.history.run("1", "a", 1000, Run.NEVER);
		this.history.killed("a", 1500);
		this.history.run("2", "b", 3000, 3100);
		this.history.answer("b", 2900, 3200, "2", false);
		assertThat(this.history.violations()).containsExactly(Kind.SECOND_RUN);
	}

	@Test
	void deathOfAnotherNodeIsNoReason() {
		this.history.run("1", "a", 1000, Run.NEVER);
		this.history.killed("c", 1500);
		this.history.run("2", "b", 5100, 5200);
		this.history.answer("b", 5000, 5300, "2", false);
		assertThat(this.history.violations()).containsExactly(Kind.SECOND_RUN);
	}

	@Test
	void deathLongAfterTheEffectIsNoReason() {
		this.history.run("1", "a", 1000, 1010);
		this.history.killed("a", 3000);
		this.history.run("2", "b", 7000, 7010);
		this.history.answer("b", 6900, 7020, "2", false);
		assertThat(this.history.violations()).containsExactly(Kind.SECOND_RUN);
	}

	@Test
	void answerBeforeATakeoverIsLost() {
		this.history.run("1", "a", 1000, 1490);
		this.history.answer("a", 900, 1495, "1", false);
		this.history.killed("a", 1500);
		this.history.run("2", "b", 5600, 5700);
		assertThat(this.history.violations()).containsExactly(Kind.LOST_ANSWER);
	}

	@Test
	void pausedOwnerAnswersItsOwnCallerAndNobodyElse() {
		this.history.run("1", "a", 1000, 6100);
		this.history.away("a", 1500, 6000);
		this.history.run("2", "b", 5100, 5200);
		this.history.answer("b", 5000, 5300, "2", false);
		this.history.answer("a", 900, 6200, "1", false);
		this.history.answer("a", 6300, 6400, "2", true);
		assertThat(this.history.violations()).isEmpty();
		this.history.answer("a", 6300, 6400, "1", true);
		assertThat(this.history.violations()).containsExactly(Kind.CHANGED_ANSWER);
	}

	@Test
	void pauseShorterThanTheLeaseIsNoReason() {
		this.history.run("1", "a", 1000, 4000);
		this.history.away("a", 1500, 3000);
		this.history.run("2", "b", 5600, 5700);
		this.history.answer("b", 5000, 5800, "2", false);
		assertThat(this.history.violations()).containsExactly(Kind.SECOND_RUN);
	}

	@Test
	void heldKeyNeverRunsAgain() {
		this.history.held().run("1", "a", 1000, Run.NEVER);
		this.history.killed("a", 1500);
		this.history.answer("b", 6000, 6010, 409, "outcome-unknown");
		assertThat(this.history.violations()).isEmpty();
		this.history.run("2", "b", 7000, 7100);
		assertThat(this.history.violations()).containsExactly(Kind.SECOND_RUN);
	}

	@Test
	void unknownOutcomeNeedsAReason() {
		this.history.held().answer("b", 6000, 6010, 409, "outcome-unknown");
		assertThat(this.history.violations()).containsExactly(Kind.UNFOUNDED_UNKNOWN);
		this.history.failedRun("1", "a", 10, 20);
		assertThat(this.history.violations()).isEmpty();
	}

	@Test
	void unknownOutcomeOfWhatWasAnsweredIsALostAnswer() {
		this.history.held().run("1", "a", 1000, 1490);
		this.history.answer("a", 900, 1495, "1", false);
		this.history.killed("a", 1500);
		this.history.answer("b", 6000, 6010, 409, "outcome-unknown");
		assertThat(this.history.violations()).containsExactly(Kind.LOST_ANSWER);
	}

	@Test
	void answerOfAnotherKeyIsForeign() {
		this.history.run("1", "a", 10, 20);
		this.history.answerWith("a", 0, 30, 200, false, Run.answer("other", "1", "a"));
		assertThat(this.history.violations()).containsExactly(Kind.FOREIGN_ANSWER);
	}

	@Test
	void answerWithoutAnEffectIsInvented() {
		this.history.run("1", "a", 10, Run.NEVER);
		this.history.answer("a", 0, 30, "1", false);
		assertThat(this.history.violations()).containsExactly(Kind.INVENTED_ANSWER);
	}

	@Test
	void secondFirstAnswerIsNotMarked() {
		this.history.run("1", "a", 10, 20);
		this.history.answer("a", 0, 30, "1", false);
		this.history.answer("a", 40, 50, "1", false);
		assertThat(this.history.violations()).containsExactly(Kind.UNMARKED_REPLAY);
	}

	@Test
	void statusThatNobodyAnnouncedIsUnexpected() {
		this.history.run("1", "a", 10, 20);
		this.history.answer("a", 0, 30, "1", false);
		this.history.answer("a", 40, 50, 422, "payload-mismatch");
		this.history.answer("a", 40, 50, 409, "response-not-kept");
		assertThat(this.history.violations()).containsExactly(Kind.UNEXPECTED_ANSWER);
	}

	@Test
	void keyWithoutAFinalAnswerIsStuck() {
		this.history.answer("a", 0, 30, 409, "in-progress");
		assertThat(this.history.violations()).containsExactly(Kind.STUCK_KEY);
	}

	@Test
	void answersThatMayBeForgottenAreCounted() {
		this.history.terms(Claims.FORGOTTEN).run("1", "a", 10, 20);
		this.history.answer("a", 0, 30, "1", false);
		this.history.run("2", "b", 40, 50);
		this.history.answer("b", 35, 60, "2", false);
		assertThat(this.history.violations()).isEmpty();
		assertThat(this.history.verdict().runAgain()).isEqualTo(1);
	}

	@Test
	void ownerThatWasCutOffMayBeReplacedAfterItsAnswer() {
		this.history.terms(Claims.LAPSING).run("1", "a", 1000, 1600);
		this.history.away("a", 1500, 6500);
		this.history.answer("a", 900, 2200, "1", false);
		this.history.run("2", "b", 5600, 5700);
		this.history.answer("b", 5500, 5800, "2", false);
		assertThat(this.history.violations()).isEmpty();
		assertThat(this.history.verdict().takenOverAfterEffect()).isEqualTo(1);
	}

	@Test
	void correctStorePasses() {
		try (SmallWorld world = new SmallWorld(new FaultyStore(Fault.NONE, new MutableTicker()))) {
			assertThat(world.torture(300).violations()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(value = Fault.class, names = { "CLAIM_IN_TWO_STEPS", "RELEASE_WITHOUT_OWNER" })
	void brokenStoreIsReported(Fault fault) {
		await().atMost(Duration.ofMinutes(1)).until(() -> {
			try (SmallWorld world = new SmallWorld(new FaultyStore(fault, new MutableTicker()))) {
				List<Kind> kinds = world.torture(300).violations().stream().map(Violation::kind).toList();
				return kinds.contains(Kind.SECOND_RUN);
			}
		});
	}

	@Test
	void availabilityIsMeasuredWhileThereIsLoad() {
		this.history.run("1", "a", 10, 20);
		this.history.answer("a", 0, 30, "1", false);
		this.history.answer("b", 500, 530, "1", true);
		Operation last = History.operation("last", false, 600);
		Availability availability = new Availability(List.of(this.history.operation(), last));
		assertThat(availability.longestGapMillis()).isEqualTo(500);
		assertThat(availability.slowestRecoveryMillis(List.of(History.moment(100)))).isEqualTo(430);
	}

}
